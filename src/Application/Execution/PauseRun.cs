using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Lets a run, and every run below it, stand still: at once where nobody executes it, else at its next step boundary.</summary>
[Requires("runs:write")]
public sealed record PauseRun(Guid Id) : ICommand<RunView>;

file sealed class Handler(IRunControl control, IAudit audit, IMediator mediator) : IRequestHandler<PauseRun, Result<RunView>>
{
    public async Task<Result<RunView>> Handle(PauseRun request, CancellationToken cancellationToken)
    {
        var paused = await control.Pause(request.Id, cancellationToken);
        if (paused is { IsOk: true, Value.Found: 0 })
        {
            return await control.Refusal(request.Id, cancellationToken);
        }

        if (paused is { IsOk: true, Value.Changed: > 0 })
        {
            audit.Record("run.paused", "run", request.Id.ToString(), after: new { Runs = paused.Value.Changed });
        }

        return paused.IsOk ? await mediator.Send(new GetRun(request.Id), cancellationToken) : paused.Error;
    }
}
