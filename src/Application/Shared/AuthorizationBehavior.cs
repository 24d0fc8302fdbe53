using System.Reflection;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>Refuses a request whose permission the caller lacks. A request without any rule is a bug, found at once.</summary>
sealed class AuthorizationBehavior<TRequest, TResult>(CallContext call) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
    where TResult : IResult<TResult>
{
    static readonly string? Permission = typeof(TRequest).GetCustomAttribute<RequiresAttribute>()?.Permission;
    static readonly bool Anonymous = typeof(TRequest).IsDefined(typeof(AllowAnonymousRequestAttribute));
    static readonly bool SignedIn = typeof(TRequest).IsDefined(typeof(SignedInAttribute));

    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (Anonymous)
        {
            return next();
        }

        if (Permission is null && !SignedIn)
        {
            throw new InvalidOperationException($"{typeof(TRequest).Name} names no permission.");
        }

        if (!call.IsSignedIn)
        {
            return Refuse(AuthErrors.NotSignedIn);
        }

        return Permission is null || (call.TenantId is not null && call.Permissions.Allows(Permission))
            ? next()
            : Refuse(AuthErrors.MayNot(Permission));

        static Task<TResult> Refuse(Error error) => Task.FromResult(TResult.Refuse(error));
    }
}

public static class AuthErrors
{
    public static readonly Error NotSignedIn = new(ErrorKind.Unauthenticated, "not_authenticated", "Sign in, or send an API key as a bearer token.");

    public static Error MayNot(string permission) => new(ErrorKind.Forbidden, "forbidden", $"This needs the permission {permission}.");
}
