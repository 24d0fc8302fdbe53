using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Cancels a run and every run below it. What nobody executes ends at once; what a node executes ends as soon as the node hears of it,
/// its outside calls aborted. Canceling a canceled run changes nothing.
/// </summary>
/// <param name="Reason">Shown as the run's error message; at most 1 000 characters.</param>
[Requires("runs:write")]
public sealed record CancelRun(Guid Id, string? Reason = null) : ICommand<RunView>, IValidate
{
    public IEnumerable<FieldError> Validate() => ControlRules.CheckReason(Reason);
}

file sealed class Handler(IRunControl control, IAudit audit, IMediator mediator) : IRequestHandler<CancelRun, Result<RunView>>
{
    public async Task<Result<RunView>> Handle(CancelRun request, CancellationToken cancellationToken)
    {
        var canceled = await control.Cancel([request.Id], request.Reason, cancellationToken);
        if (canceled.IsOk && canceled.Value is { Found: 0 } && await control.StatusOf(request.Id, cancellationToken) != "canceled")
        {
            return await control.Refusal(request.Id, cancellationToken);
        }

        if (canceled is { IsOk: true, Value.Changed: > 0 })
        {
            audit.Record("run.canceled", "run", request.Id.ToString(), after: new { request.Reason, Runs = canceled.Value.Changed });
        }

        return canceled.IsOk ? await mediator.Send(new GetRun(request.Id), cancellationToken) : canceled.Error;
    }
}
