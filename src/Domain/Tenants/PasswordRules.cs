using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Tenants;

/// <summary>
/// What a password must be: 8 to 256 characters, not one that everybody guesses first, not the person's own name or address.
/// No rules of composition: they make passwords worse (OWASP ASVS 5, NIST SP 800-63B).
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 256;

    /// <param name="about">What the person is known by: e-mail, name, tenant.</param>
    public static FieldError? Check(string pointer, string? password, params IReadOnlyList<string?> about)
    {
        if (password is null || password.Length is < MinLength or > MaxLength)
        {
            return new FieldError(pointer, "password_length", $"A password has {MinLength} to {MaxLength} characters.");
        }

        if (IsAbout(password, about))
        {
            return new FieldError(pointer, "password_personal", "A password must not be the own name or address.");
        }

        return CommonPasswords.Contains(password)
            ? new FieldError(pointer, "password_common", "This is one of the passwords that are tried first; take another one.")
            : null;
    }

    static bool IsAbout(string password, IReadOnlyList<string?> about)
    {
        var plain = Letters(password);
        return plain.Length > 0 && about.Any(fact => fact is not null
            && (Is(fact) || Is(fact.Split('@')[0]) || string.Equals(fact, password, StringComparison.OrdinalIgnoreCase)));

        bool Is(string fact) => Letters(fact) is { Length: > 0 } letters && letters == plain;
    }

    // "Ada.Lovelace1815" is "ada lovelace" to whoever guesses.
    static string Letters(string text) => new([.. text.Where(char.IsLetter).Select(char.ToLowerInvariant)]);
}
