using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Application.Agents;

/// <summary>What changed from one version to another: nodes, edges, and everything beside the graph.</summary>
/// <param name="From">A version's number, its id, or <c>latest</c>.</param>
[Requires("agents:read")]
public sealed record DiffAgentVersions(string Agent, string? Kind, string From, string To) : IQuery<AgentVersionDiff>;

/// <param name="IsSame">Both do the same: their content hashes are equal.</param>
/// <param name="Settings">Changes of default_params, model, system_prompt, input_schema and output_schema; pointers start at the version.</param>
/// <param name="Skills">Changes of the pinned skill versions by reference: the same reference may have been resolved later.</param>
public sealed record AgentVersionDiff(
    string From, string To, bool IsSame, GraphChanges Graph, IReadOnlyList<JsonChange> Settings, IReadOnlyList<JsonChange> Skills);
