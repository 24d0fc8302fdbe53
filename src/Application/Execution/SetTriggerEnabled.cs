using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

[Requires("triggers:write")]
public sealed record SetTriggerEnabled(Guid Id, bool IsEnabled) : ICommand<TriggerView>;

file sealed class Handler(ITriggers triggers, IAudit audit) : IRequestHandler<SetTriggerEnabled, Result<TriggerView>>
{
    public async Task<Result<TriggerView>> Handle(SetTriggerEnabled request, CancellationToken cancellationToken)
    {
        if (await triggers.SetEnabled(request.Id, request.IsEnabled, cancellationToken) is not { } view)
        {
            return ExecutionErrors.TriggerNotFound;
        }

        audit.Record(request.IsEnabled ? "trigger.enabled" : "trigger.disabled", "trigger", request.Id.ToString());
        return view;
    }
}
