using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>
/// Writes into the audit log what a known tenant's caller was not allowed to do. Around the transaction, because the refusal has rolled it back;
/// a refusal inside another command is told by the outermost one only.
/// </summary>
sealed class RefusalAudit<TRequest, TResult>(CallContext call, IUnitOfWork work, IFailureLog failures) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
    where TResult : IResult<TResult>
{
    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        var result = await next();
        if (result.Error is { Kind: ErrorKind.Forbidden } error && call is { IsSignedIn: true, TenantId: not null } && !work.IsActive)
        {
            await failures.Write("access.refused", "request", typeof(TRequest).Name, error.Code, cancellationToken);
        }

        return result;
    }
}
