using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents, IAgentDrafts drafts) : IRequestHandler<GetAgentDraft, Result<AgentDraftView?>>
{
    public async Task<Result<AgentDraftView?>> Handle(GetAgentDraft request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is { } agent ? await drafts.Find(agent.Id, cancellationToken) : AgentErrors.AgentNotFound;
}
