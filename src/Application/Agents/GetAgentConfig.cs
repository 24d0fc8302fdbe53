using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

[Requires("agents:read")]
public sealed record GetAgentConfig(string Agent, string? Kind, string Key) : IQuery<AgentConfigView>;

/// <summary>All settings of an agent, by key; there are at most 256.</summary>
[Requires("agents:read")]
public sealed record ListAgentConfigs(string Agent, string? Kind) : IQuery<Page<AgentConfigView>>;

file sealed class One(IAgents agents, IAgentConfigs configs) : IRequestHandler<GetAgentConfig, Result<AgentConfigView>>
{
    public async Task<Result<AgentConfigView>> Handle(GetAgentConfig request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent ? AgentErrors.AgentNotFound
        : AgentConfigRules.IsKey(request.Key) && await configs.Find(agent.Id, request.Key, cancellationToken) is { } config ? config
        : AgentConfigRules.NotFound;
}

file sealed class All(IAgents agents, IAgentConfigs configs) : IRequestHandler<ListAgentConfigs, Result<Page<AgentConfigView>>>
{
    public async Task<Result<Page<AgentConfigView>>> Handle(ListAgentConfigs request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is { } agent
            ? new Page<AgentConfigView>(await configs.All(agent.Id, cancellationToken), null)
            : AgentErrors.AgentNotFound;
}
