using System.Text.Json;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>For the run engine: an agent as a tool for another one's model.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Version">Id or number; null for the latest.</param>
// No permission of its own: only other modules send it, for an agent of the same tenant that names the other; row-level security holds.
[AllowAnonymousRequest]
public sealed record GetAgentTool(string Agent, string? Version) : IQuery<AgentTool>;

/// <param name="InputSchema">What its runs take; null when anything goes.</param>
public sealed record AgentTool(Guid AgentId, Guid VersionId, string Slug, string Name, string? Description, JsonElement? InputSchema);
