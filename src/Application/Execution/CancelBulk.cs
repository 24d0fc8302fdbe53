using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Stops a bulk operation after its current batch. What it did stays done.</summary>
[Requires("runs:write")]
public sealed record CancelBulk(Guid Id) : ICommand<BulkView>;

file sealed class Handler(IBulkOperations bulk, IAudit audit) : IRequestHandler<CancelBulk, Result<BulkView>>
{
    static readonly Error Ended = Error.Conflict("bulk_finished", "The bulk operation has ended.");

    public async Task<Result<BulkView>> Handle(CancelBulk request, CancellationToken cancellationToken)
    {
        if (await bulk.Cancel(request.Id, cancellationToken) is { } canceled)
        {
            audit.Record("run.bulk_canceled", "bulk_operation", request.Id.ToString(), after: new { canceled.Done, canceled.Total });
            return canceled;
        }

        return await bulk.Find(request.Id, cancellationToken) is not { } ended ? ExecutionErrors.BulkNotFound
            : ended.Status == "canceled" ? ended
            : Ended;
    }
}
