using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// For the run engine: which version of an agent a new run takes, or why none may start. It refuses with <c>agent_not_found</c>, <c>agent_archived</c>,
/// <c>agent_inactive</c>, <c>agent_has_no_version</c> or <c>version_not_found</c>.
/// </summary>
// No permission of its own: only other modules send it (no endpoint does), after they have checked the right to run (runs:execute, a webhook's
// signature). It reads under the call's tenant, so row-level security holds as ever.
[AllowAnonymousRequest]
public sealed record GetRunnableAgent(string AgentIdOrSlug, string? Version = null) : IQuery<RunnableAgent>;

/// <param name="Status">One of <see cref="AgentStatus"/>.</param>
/// <param name="Kind">One of <see cref="AgentKind"/>.</param>
public sealed record RunnableAgent(Guid AgentId, Guid VersionId, string SemanticVersion, string Slug, string Status, string Kind, AgentLimits Limits)
{
    /// <summary>The agent's settings by key, those that are encrypted left out; null when there are none.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>Whether it remembers what a conversation's window does not hold any more.</summary>
    public bool MemoryEnabled { get; init; }
}
