using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>
/// Opens the transaction of the outermost command and ends it: audit rows and the stored answer of an idempotent request
/// commit with the change, or nothing does. A nested command joins; its refusal makes the whole roll back when its caller passes it on.
/// </summary>
sealed class TransactionBehavior<TRequest, TResult>(IUnitOfWork work, IAudit audit, IIdempotencyStore answers, CallContext call)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>, ICommand
    where TResult : IResult<TResult>
{
    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (work.IsActive)
        {
            return await next();
        }

        work.Begin();
        try
        {
            var result = await HandleOnce(next, cancellationToken);
            if (result.Error is null)
            {
                await audit.Flush(cancellationToken);
                await work.Commit(cancellationToken);
            }

            return result;
        }
        finally
        {
            audit.Discard();
            await work.Rollback();
        }
    }

    async Task<TResult> HandleOnce(RequestHandlerDelegate<TResult> next, CancellationToken ct)
    {
        if (call is not { IdempotencyKey: { } key, RequestHash: { } hash, TenantId: not null })
        {
            return await next();
        }

        var claim = await answers.Claim(key, hash, ct);
        if (!claim.IsOk)
        {
            return TResult.Refuse(claim.Error);
        }

        if (claim.Value.StoredAnswer is { } stored)
        {
            call.Replayed = true;
            return TResult.FromStored(stored);
        }

        var result = await next();
        if (result.Error is null)
        {
            await answers.Save(key, result.ToStored(), ct);
        }

        return result;
    }
}
