using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Which skill a node asks for: <c>slug</c> (the highest version), <c>slug@1</c>, <c>slug@1.2</c>, or exactly <c>slug@1.2.0</c>.</summary>
public readonly partial record struct SkillReference(string Slug, string? Range)
{
    public const string Rule = "Write a skill as its slug, alone or with a version: \"slack-post\", \"slack-post@1\", \"slack-post@1.2\" or \"slack-post@1.2.0\".";

    public static bool TryParse([NotNullWhen(true)] string? text, out SkillReference reference)
    {
        reference = default;
        if (text is null)
            return false;

        var at = text.IndexOf('@', StringComparison.Ordinal);
        var slug = at < 0 ? text : text[..at];
        var range = at < 0 ? null : text[(at + 1)..];
        if (!SlugText().IsMatch(slug) || (range is not null && !IsRange(range)))
            return false;

        reference = new SkillReference(slug, range);
        return true;
    }

    /// <summary>True when the version lies in the range. A pre-release is only ever taken when it is named in full.</summary>
    public bool Matches(SemanticVersion version)
    {
        if (Range is null)
            return !version.IsPreRelease;
        if (SemanticVersion.TryParse(Range, out var exact))
            return version == exact;

        var parts = Range.Split('.');
        return !version.IsPreRelease
            && SemanticVersion.TryNumber(parts[0], out var major) && version.Major == major
            && (parts.Length < 2 || (SemanticVersion.TryNumber(parts[1], out var minor) && version.Minor == minor));
    }

    public override string ToString() => Range is null ? Slug : $"{Slug}@{Range}";

    static bool IsRange(string text)
    {
        if (SemanticVersion.TryParse(text, out _))
            return true;
        var parts = text.Split('.');
        return parts.Length <= 2 && Array.TrueForAll(parts, p => SemanticVersion.TryNumber(p, out _));
    }

    // As Slug, and with underscores inside: the built-in skills are named after their type (http_request).
    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlugText();
}
