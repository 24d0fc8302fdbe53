using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Shared;

/// <summary>The readable name of a thing in URLs: 1 to 63 of a-z, 0-9 and inner hyphens (the database checks the same pattern).</summary>
public static partial class Slug
{
    public const string Pattern = "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$";

    public const string Rule = "A slug has 1 to 63 characters: a-z, 0-9 and hyphens, beginning and ending with a letter or digit.";

    public static bool IsValid(string? text) => text is not null && Regex().IsMatch(text);

    public static FieldError? Check(string pointer, string? text) => IsValid(text) ? null : new FieldError(pointer, "invalid_slug", Rule);

    // \z: in .NET a plain $ would also match before a final line feed.
    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Regex();
}
