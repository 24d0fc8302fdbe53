using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Lets all runs of an agent stand still, or go on. While it is paused new runs are accepted and wait; those under way pause at their next
/// step boundary. Runs that were paused for themselves stay so when the agent goes on.
/// </summary>
/// <param name="Agent">Id or slug.</param>
[Requires("runs:write")]
public sealed record SetAgentPaused(string Agent, bool IsPaused, string? Reason = null) : ICommand<AgentPauseView>, IValidate
{
    public IEnumerable<FieldError> Validate() => ControlRules.CheckReason(Reason);
}

/// <param name="State">running, pausing, paused or resuming.</param>
/// <param name="Since">When it was last paused or resumed; null for an agent that was never paused.</param>
public sealed record AgentPauseView(Guid AgentId, string State, string? Reason, Guid? PausedBy, DateTimeOffset? Since);

file sealed class Handler(IAgentPauses pauses, IMediator mediator, IAudit audit) : IRequestHandler<SetAgentPaused, Result<AgentPauseView>>
{
    public async Task<Result<AgentPauseView>> Handle(SetAgentPaused request, CancellationToken cancellationToken)
    {
        var agent = await mediator.Send(new GetAgentReference(request.Agent), cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var id = agent.Value.AgentId;
        var changed = request.IsPaused ? await pauses.Pause(id, request.Reason, cancellationToken) : await pauses.Resume(id, cancellationToken);
        if (changed is not null)
        {
            audit.Record(request.IsPaused ? "agent.paused" : "agent.resumed", "agent", id.ToString(), after: new { request.Reason });
        }

        return changed ?? await pauses.Find(id, cancellationToken) ?? new AgentPauseView(id, "running", null, null, null);
    }
}
