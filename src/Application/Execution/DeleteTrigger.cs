using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

[Requires("triggers:write")]
public sealed record DeleteTrigger(Guid Id) : ICommand<Unit>;

file sealed class Handler(ITriggers triggers, IAudit audit) : IRequestHandler<DeleteTrigger, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteTrigger request, CancellationToken cancellationToken)
    {
        if (await triggers.Find(request.Id, cancellationToken) is not { } before || !await triggers.Delete(request.Id, cancellationToken))
        {
            return ExecutionErrors.TriggerNotFound;
        }

        audit.Record("trigger.deleted", "trigger", request.Id.ToString(), before);
        return Unit.Value;
    }
}
