using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>An agent's versions, the newest first, without their graphs.</summary>
[Requires("agents:read")]
public sealed record ListAgentVersions(string Agent, string? Kind, PageRequest Page) : IQuery<Page<AgentVersionSummary>>, IValidate
{
    public IEnumerable<FieldError> Validate() => ListChecks.Page(Page);
}

public sealed record AgentVersionSummary(
    Guid Id, string SemanticVersion, string? Changelog, string ContentHash, int Nodes, bool IsLatest, Guid? CreatedBy, DateTimeOffset CreatedAt);
