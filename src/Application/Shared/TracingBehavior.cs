using System.Diagnostics;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>One span per request, named by its use case; refusals carry their code.</summary>
sealed class TracingBehavior<TRequest, TResult> : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
    where TResult : IResult<TResult>
{
    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        using var activity = Telemetry.Source.StartActivity(typeof(TRequest).Name);
        var result = await next();
        if (result.Error is { } error)
        {
            activity?.SetTag("error.type", error.Code);
            activity?.SetStatus(ActivityStatusCode.Error, error.Code);
        }

        return result;
    }
}
