using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents) : IRequestHandler<GetAgentVersion, Result<AgentVersionView>>
{
    public async Task<Result<AgentVersionView>> Handle(GetAgentVersion request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent ? AgentErrors.AgentNotFound
        : await agents.FindVersion(agent.Id, VersionName.Parse(request.Version), cancellationToken) is { } version ? version
        : AgentErrors.VersionNotFound;
}
