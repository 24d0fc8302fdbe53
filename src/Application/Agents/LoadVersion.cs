using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Application.Agents;

/// <summary>For the run engine: everything of a version that running it needs. Also of an agent that was deleted or archived: its runs go on.</summary>
// No permission of its own: only other modules send it, with a version id from a run of the same tenant; row-level security holds.
[AllowAnonymousRequest]
public sealed record LoadVersion(Guid VersionId) : IQuery<LoadedVersion>;

/// <param name="Pins">To which skill version each reference of the graph was resolved when the version was made.</param>
public sealed record LoadedVersion(
    Guid VersionId,
    Guid AgentId,
    string AgentSlug,
    string AgentName,
    string Kind,
    string SemanticVersion,
    JsonElement Graph,
    JsonElement DefaultParams,
    JsonElement? Model,
    string? SystemPrompt,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    string ContentHash,
    AgentLimits Limits,
    IReadOnlyList<SkillPin> Pins);
