using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// Signs a person in by e-mail and password. Not an <see cref="ICommand{T}"/>: a refused try must leave its mark (the count of tries, the audit
/// entry), and what a command refuses is rolled back. Unknown address and wrong password answer alike and cost alike.
/// </summary>
/// <param name="Tenant">Slug of the tenant to work in; where the person worked last when it is not given.</param>
[AllowAnonymousRequest]
public sealed record Login(string Email, string Password, string? Tenant = null) : IRequest<Result<SignedIn>>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[]
    {
        EmailAddress.Check("/email", Email),
        Password is { Length: >= 1 and <= PasswordRules.MaxLength } ? null : new FieldError("/password", "password_length", "Give the password."),
        Tenant is null ? null : Slug.Check("/tenant", Tenant),
    }.OfType<FieldError>();

    public override string ToString() => nameof(Login);
}

/// <summary>The part of a login that changes things once the password has proved right.</summary>
/// <param name="NewHash">The password hashed with today's parameters, when the stored hash is older than they are.</param>
[AllowAnonymousRequest]
sealed record StartSession(Guid UserId, string Email, string? Tenant, string? NewHash) : ICommand<SignedIn>;

file sealed class LoginHandler(IAccounts accounts, IPasswords passwords, IMediator mediator) : IRequestHandler<Login, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(Login request, CancellationToken cancellationToken)
    {
        var email = EmailAddress.Normalize(request.Email);
        var allowed = await accounts.BeginLogin(email, cancellationToken);
        if (!allowed.IsOk)
        {
            return allowed.Error;
        }

        var check = await passwords.Check(allowed.Value.PasswordHash, request.Password, cancellationToken);
        if (!check.IsOk)
        {
            return check.Error;
        }

        if (!check.Value.IsRight || allowed.Value.UserId is not { } userId)
        {
            await accounts.LoginFailed(email, "login.failed", cancellationToken);
            return TenantErrors.InvalidCredentials;
        }

        // No time for a new hash right now is no reason to refuse: the next login tries again.
        var newHash = check.Value.IsOutdated ? await passwords.Hash(request.Password, cancellationToken) : default(Result<string>?);
        return await mediator.Send(new StartSession(userId, email, request.Tenant, newHash is { IsOk: true } hash ? hash.Value : null), cancellationToken);
    }
}

file sealed class StartSessionHandler(IAccounts accounts, SignIn signIn, IAudit audit) : IRequestHandler<StartSession, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(StartSession request, CancellationToken cancellationToken)
    {
        var signedIn = await signIn.Open(request.UserId, request.Tenant, cancellationToken);
        if (!signedIn.IsOk)
        {
            return signedIn;
        }

        if (request.NewHash is { } hash)
        {
            await accounts.SetPassword(hash, cancellationToken);
        }

        await accounts.TouchLogin(cancellationToken);
        await accounts.LoginSucceeded(request.Email, cancellationToken);
        audit.Record("login.succeeded", "user", request.UserId.ToString());
        return signedIn;
    }
}
