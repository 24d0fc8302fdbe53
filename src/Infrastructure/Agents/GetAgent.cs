using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents) : IRequestHandler<GetAgent, Result<AgentView>>
{
    public async Task<Result<AgentView>> Handle(GetAgent request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is { } agent ? agent : AgentErrors.AgentNotFound;
}
