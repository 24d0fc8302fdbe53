using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Version numbers only rise, so that "latest" means the same by number and by time.</summary>
static class VersionNumbers
{
    /// <summary>How the numbers of what test runs run begin.</summary>
    public const string Draft = "0.0.0-draft.";

    public static IEnumerable<FieldError> Check(string? number) =>
        number is null ? []
        : !SemanticVersion.TryParse(number, out _) ? [new FieldError("/semantic_version", "invalid_version", SemanticVersion.Rule)]
        : number.StartsWith(Draft, StringComparison.Ordinal) ? [new FieldError("/semantic_version", "reserved_version", $"Numbers that begin with {Draft} are those of drafts; choose another.")]
        : [];

    public static IEnumerable<FieldError> CheckChangelog(string? changelog) => FieldChecks.Text("/changelog", changelog, 1, 4000);

    /// <summary>The asked number when it is higher than the latest; the next minor when none is asked; 1.0.0 for the first.</summary>
    public static Result<SemanticVersion> Next(string? latest, string? asked)
    {
        SemanticVersion? last = SemanticVersion.TryParse(latest, out var parsed) ? parsed : null;
        return !SemanticVersion.TryParse(asked, out var number) ? last?.NextMinor() ?? SemanticVersion.First
            : last is null || number > last ? number
            : AgentErrors.NotNewer(latest!);
    }
}
