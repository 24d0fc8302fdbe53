using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Agents that a run can be started of now, with what they take and give, in the order of their slugs: what other programs see of a tenant's agents.</summary>
/// <param name="Slug">Only this one.</param>
[Requires("agents:read")]
public sealed record ListCallableAgents(PageRequest Page, string? Slug = null) : IQuery<Page<CallableAgent>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}

/// <param name="InputSchema">Of the latest version; null when it takes anything.</param>
public sealed record CallableAgent(Guid Id, string Slug, string Name, string? Description, string Version, JsonElement? InputSchema, JsonElement? OutputSchema);
