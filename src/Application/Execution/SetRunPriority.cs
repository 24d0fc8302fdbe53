using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Changes the place in the queue of a run that no node executes right now.</summary>
/// <param name="Priority">-100 to 100; higher ones leave the queue first.</param>
[Requires("runs:write")]
public sealed record SetRunPriority(Guid Id, int Priority) : ICommand<RunView>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Priority is < -100 or > 100)
        {
            yield return new FieldError("/priority", "out_of_range", "A priority is -100 to 100.");
        }
    }
}

file sealed class Handler(IRunControl control, IAudit audit, IMediator mediator) : IRequestHandler<SetRunPriority, Result<RunView>>
{
    static readonly Error NotQueued = Error.Conflict("run_not_queued", "The run is being executed; only one that waits has a place in the queue.");

    public async Task<Result<RunView>> Handle(SetRunPriority request, CancellationToken cancellationToken)
    {
        var changed = await control.SetPriority(request.Id, (short)request.Priority, cancellationToken);
        if (!changed.IsOk)
        {
            return changed.Error;
        }

        if (changed.Value is { Found: 0 })
        {
            return await control.Refusal(request.Id, cancellationToken);
        }

        if (changed.Value is { Changed: 0 })
        {
            return NotQueued;
        }

        audit.Record("run.priority_changed", "run", request.Id.ToString(), after: new { request.Priority });
        return await mediator.Send(new GetRun(request.Id), cancellationToken);
    }
}
