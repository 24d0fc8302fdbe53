using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AgentPlatform.Domain.Tenants;

/// <summary>The opaque content of the session cookie: 256 random bits as 43 characters of base64url. Only its SHA-256 is stored.</summary>
public sealed class SessionToken
{
    const int Size = 32;

    readonly byte[] bytes;

    SessionToken(byte[] bytes) => this.bytes = bytes;

    public string Text => Base64Url.EncodeToString(bytes);

    public byte[] Hash => SHA256.HashData(bytes);

    /// <summary>What the web app sends back as <c>X-CSRF-Token</c>: derived from the cookie, which another site cannot read; the cookie cannot be derived from it.</summary>
    public string CsrfToken => Base64Url.EncodeToString(HMACSHA256.HashData(bytes, "csrf"u8));

    public static SessionToken Create() => new(RandomNumberGenerator.GetBytes(Size));

    public static bool TryRead(string? text, [NotNullWhen(true)] out SessionToken? token)
    {
        token = text is { Length: 43 } && Base64Url.IsValid(text, out var length) && length == Size ? new SessionToken(Base64Url.DecodeFromChars(text)) : null;
        return token is not null;
    }

    /// <summary>Compares in constant time.</summary>
    public bool IsCsrfToken(string? candidate) =>
        candidate is { Length: 43 } && Base64Url.IsValid(candidate, out var length) && length == Size
        && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(candidate), HMACSHA256.HashData(bytes, "csrf"u8));
}
