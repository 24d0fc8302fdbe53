using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Tenants;

/// <summary>
/// An e-mail address as an account's name: trimmed, lower case, at most 254 characters, ASCII. Two addresses that differ in case
/// only are one account; a domain in another script is written in its <c>xn--</c> form.
/// </summary>
public static partial class EmailAddress
{
    public const int MaxLength = 254;

    public static string Normalize(string text) => text.Trim().ToLowerInvariant();

    public static bool IsValid(string? text) =>
        text is not null && Normalize(text) is { Length: <= MaxLength } address && Regex().IsMatch(address) && address.IndexOf('@', StringComparison.Ordinal) <= 64;

    public static FieldError? Check(string pointer, string? text) =>
        IsValid(text) ? null : new FieldError(pointer, "invalid_email", "Give an e-mail address such as ada@example.com, of at most 254 characters.");

    // No quoted local parts and no address literals: real people's mailboxes have neither, and both are ways around look-alike checks.
    [GeneratedRegex(@"^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Regex();
}
