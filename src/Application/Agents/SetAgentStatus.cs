using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Activates, deactivates or archives. Asking for the status that the agent has already changes nothing.</summary>
/// <param name="Status">One of <see cref="AgentStatus"/>.</param>
[Requires("agents:write")]
public sealed record SetAgentStatus(string Agent, string? Kind, string Status, DateTimeOffset? IfUpdatedAt = null) : ICommand<AgentView>;

file sealed class Handler(IAgents agents, IAudit audit) : IRequestHandler<SetAgentStatus, Result<AgentView>>
{
    public async Task<Result<AgentView>> Handle(SetAgentStatus request, CancellationToken cancellationToken)
    {
        if (await agents.FindForUpdate(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } before)
        {
            return AgentErrors.AgentNotFound;
        }

        if (request.IfUpdatedAt is { } seen && seen != before.UpdatedAt)
        {
            return ETags.Stale;
        }

        if (before.Status == request.Status)
        {
            return before;
        }

        await agents.SetStatus(before.Id, request.Status, cancellationToken);
        audit.Record(Action(request.Status), "agent", before.Id.ToString(), new { before.Status }, new { request.Status });
        return (await agents.Find(new IdOrSlug(before.Id, null), null, cancellationToken))!;
    }

    static string Action(string status) => status switch
    {
        AgentStatus.Active => "agent.activated",
        AgentStatus.Inactive => "agent.deactivated",
        AgentStatus.Archived => "agent.archived",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
