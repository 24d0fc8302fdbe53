using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Lets a paused run, and every run below it, go on. One that is not paused stays as it is; one whose agent is paused goes on with its agent.</summary>
[Requires("runs:write")]
public sealed record ResumeRun(Guid Id) : ICommand<RunView>;

file sealed class Handler(IRunControl control, IAudit audit, IMediator mediator) : IRequestHandler<ResumeRun, Result<RunView>>
{
    public async Task<Result<RunView>> Handle(ResumeRun request, CancellationToken cancellationToken)
    {
        var resumed = await control.Resume(request.Id, cancellationToken);
        if (resumed is { IsOk: true, Value.Found: 0 })
        {
            return await control.Refusal(request.Id, cancellationToken);
        }

        if (resumed is { IsOk: true, Value.Changed: > 0 })
        {
            audit.Record("run.resumed", "run", request.Id.ToString(), after: new { Runs = resumed.Value.Changed });
        }

        return resumed.IsOk ? await mediator.Send(new GetRun(request.Id), cancellationToken) : resumed.Error;
    }
}
