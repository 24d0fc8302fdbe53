using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Shared;

/// <summary>A use case that changes something: runs in one transaction, joins the caller's when there is one; a refusal rolls back.</summary>
public interface ICommand<T> : IRequest<Result<T>>, ICommand;

/// <summary>What every command is, whatever it answers; the transaction behaviour is bound to it.</summary>
public interface ICommand;

/// <summary>A use case that only reads. Its record lives in Application, its handler with the SQL in Infrastructure.</summary>
public interface IQuery<T> : IRequest<Result<T>>;

/// <summary>A request that can check its own shape, before anything is asked of the database.</summary>
public interface IValidate
{
    IEnumerable<FieldError> Validate();
}

/// <summary>The permission a caller needs (<c>resource:action</c>); the authorisation behaviour refuses without it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string permission) : Attribute
{
    public string Permission => permission;
}

/// <summary>Any signed-in caller may send this (their own profile, logout, switching tenants).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignedInAttribute : Attribute;

/// <summary>Nobody needs to be signed in: sign-up, login, accepting an invitation, and requests that only the platform itself sends.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AllowAnonymousRequestAttribute : Attribute;
