using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Deletes softly: history keeps naming the agent, its slug becomes free, nothing finds it any more.</summary>
[Requires("agents:write")]
public sealed record DeleteAgent(string Agent, string? Kind = null, DateTimeOffset? IfUpdatedAt = null) : ICommand<Unit>;

file sealed class Handler(IAgents agents, IAudit audit) : IRequestHandler<DeleteAgent, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteAgent request, CancellationToken cancellationToken)
    {
        if (await agents.FindForUpdate(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent)
        {
            return AgentErrors.AgentNotFound;
        }

        if (request.IfUpdatedAt is { } seen && seen != agent.UpdatedAt)
        {
            return ETags.Stale;
        }

        await agents.Delete(agent.Id, cancellationToken);
        audit.Record("agent.deleted", "agent", agent.Id.ToString(), AgentSummary.Of(agent));
        return Unit.Value;
    }
}
