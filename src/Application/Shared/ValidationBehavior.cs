using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>Reports every fault of the input at once, before the database is asked anything.</summary>
sealed class ValidationBehavior<TRequest, TResult> : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
    where TResult : IResult<TResult>
{
    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (request is not IValidate checkable)
        {
            return next();
        }

        var faults = checkable.Validate().ToList();
        return faults.Count == 0 ? next() : Task.FromResult(TResult.Refuse(Error.Invalid(faults)));
    }
}
