using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>Signing secrets as people see them, and the key bytes that they stand for.</summary>
public static class WebhookSecret
{
    public const string StandardPrefix = "whsec_";

    /// <summary>What the Standard Webhooks specification allows, in decoded bytes.</summary>
    public const int MinStandardKeyLength = 24;

    /// <inheritdoc cref="MinStandardKeyLength"/>
    public const int MaxStandardKeyLength = 64;

    const int GeneratedKeyLength = 32;
    const int MinTextLength = 16;
    const int MaxTextLength = 256;

    /// <summary>A new secret of 256 random bits: <c>whsec_</c> and base64, which every scheme here can carry.</summary>
    public static string Generate() => StandardPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(GeneratedKeyLength));

    /// <summary>Turns a secret's text into the key to sign with. Standard Webhooks signs with the decoded base64 behind the optional
    /// prefix (24 to 64 bytes); the others sign with the text itself, as their vendors hand it out (16 to 256 printable ASCII characters).</summary>
    public static bool TryParse(SignatureScheme scheme, string? text, out byte[] key)
    {
        key = [];
        if (string.IsNullOrEmpty(text) || text.Length > MaxTextLength || scheme == SignatureScheme.None)
            return false;

        if (scheme != SignatureScheme.Standard)
        {
            // GitHub lets people choose any sentence, so spaces inside are legal; around the secret they are a copying accident.
            if (text.Length < MinTextLength || text[0] == ' ' || text[^1] == ' ' || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                return false;
            key = Encoding.ASCII.GetBytes(text);
            return true;
        }

        var base64 = text.StartsWith(StandardPrefix, StringComparison.Ordinal) ? text.AsSpan(StandardPrefix.Length) : text;
        Span<byte> decoded = stackalloc byte[MaxTextLength];
        if (base64.ContainsAny(" \t\r\n")
            || !Convert.TryFromBase64Chars(base64, decoded, out var length)
            || length is < MinStandardKeyLength or > MaxStandardKeyLength)
        {
            return false;
        }

        key = decoded[..length].ToArray();
        CryptographicOperations.ZeroMemory(decoded);
        return true;
    }
}
