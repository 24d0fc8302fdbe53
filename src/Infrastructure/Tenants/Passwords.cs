using System.Globalization;
using System.Security.Cryptography;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>
/// PBKDF2-HMAC-SHA-512, stored as <c>$pbkdf2-sha512$i=&lt;iterations&gt;$&lt;salt&gt;$&lt;hash&gt;</c> (base64): the parameters travel with the hash, so they
/// can grow, and another algorithm can come beside it.
/// </summary>
sealed class Passwords(PasswordCost cost) : IPasswords, IDisposable
{
    const string Scheme = "pbkdf2-sha512";
    const int SaltSize = 16;
    const int HashSize = 32;

    // A stored hash is ours, but whoever could write one must not be able to make a check take minutes.
    const int MaxIterations = 10_000_000;

    static readonly Error Busy = new(ErrorKind.Unavailable, "busy", "Too many sign in right now; try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(5) };

    readonly SemaphoreSlim turns = new(cost.Parallel);

    public Task<Result<string>> Hash(string password, CancellationToken ct) => InTurn(() =>
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return $"${Scheme}$i={cost.Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, cost.Iterations))}";
    }, ct);

    public Task<Result<PasswordCheck>> Check(string? stored, string password, CancellationToken ct) => InTurn(() =>
    {
        if (stored is null || !TryRead(stored, out var iterations, out var salt, out var hash))
        {
            _ = Derive(password, new byte[SaltSize], cost.Iterations);
            return new PasswordCheck(false, false);
        }

        var isRight = CryptographicOperations.FixedTimeEquals(hash, Derive(password, salt, iterations));
        return new PasswordCheck(isRight, isRight && iterations < cost.Iterations);
    }, ct);

    public void Dispose() => turns.Dispose();

    async Task<Result<T>> InTurn<T>(Func<T> work, CancellationToken ct)
    {
        if (!await turns.WaitAsync(cost.MaxWait, ct))
        {
            return Busy;
        }

        try
        {
            return await Task.Run(work, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    // Not normalised first: without globalisation data (invariant mode) Normalize leaves everything but ASCII as it is.
    static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashSize);

    static bool TryRead(string stored, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        if (stored.Split('$') is not ["", Scheme, ['i', '=', .. var count], var saltText, var hashText]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            || iterations is < 1 or > MaxIterations)
        {
            return false;
        }

        salt = new byte[SaltSize];
        hash = new byte[HashSize];
        return Convert.TryFromBase64String(saltText, salt, out var saltLength) && saltLength == SaltSize
            && Convert.TryFromBase64String(hashText, hash, out var hashLength) && hashLength == HashSize;
    }
}
