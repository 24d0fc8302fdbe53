using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Passwords of the four roles: derived from the Main string's, and sent to the server only as a verifier.</summary>
static class RolePassword
{
    const int Iterations = 4096;

    /// <summary>
    /// Ten nodes with the same Main string come to the same password without being told it, and nobody stores it.
    /// The result is ASCII, so SASLprep leaves it alone.
    /// </summary>
    public static string Derive(string mainPassword, string role) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(mainPassword), Encoding.UTF8.GetBytes(role)));

    /// <summary>
    /// What PostgreSQL would compute and store itself (RFC 5803): <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>.
    /// Computed here because a server that logs statements would otherwise log the password.
    /// </summary>
    public static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
