using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// A new password for the signed-in person; their other sessions end. The current one is asked for and counted like a login, so that a session
/// left open does not give the account away. Not a command for the same reason as <see cref="Login"/>.
/// </summary>
[SignedIn]
public sealed record ChangePassword(string CurrentPassword, string NewPassword) : IRequest<Result<Unit>>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[]
    {
        CurrentPassword is { Length: >= 1 and <= PasswordRules.MaxLength } ? null : new FieldError("/current_password", "password_length", "Give the current password."),
        PasswordRules.Check("/new_password", NewPassword),
    }.OfType<FieldError>();

    public override string ToString() => nameof(ChangePassword);
}

[SignedIn]
sealed record StorePassword(string Email, string Hash) : ICommand<Unit>;

file sealed class ChangeHandler(IAccounts accounts, IPasswords passwords, CallContext call, IMediator mediator) : IRequestHandler<ChangePassword, Result<Unit>>
{
    static readonly Error WrongPassword = Error.Invalid("/current_password", "wrong_password", "This is not the current password.");

    public async Task<Result<Unit>> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        var email = await accounts.OwnEmail(cancellationToken) ?? throw new InvalidOperationException("The signed-in person has no row.");
        if (PasswordRules.Check("/new_password", request.NewPassword, email) is { } fault)
        {
            return Error.Invalid(fault);
        }

        var allowed = await accounts.BeginLogin(email, cancellationToken);
        if (!allowed.IsOk)
        {
            return allowed.Error;
        }

        var check = await passwords.Check(allowed.Value.PasswordHash, request.CurrentPassword, cancellationToken);
        if (!check.IsOk)
        {
            return check.Error;
        }

        if (!check.Value.IsRight)
        {
            await accounts.LoginFailed(email, "password.refused", cancellationToken);
            return WrongPassword;
        }

        var hash = await passwords.Hash(request.NewPassword, cancellationToken);
        return hash.IsOk ? await mediator.Send(new StorePassword(email, hash.Value), cancellationToken) : hash.Error;
    }
}

file sealed class StoreHandler(IAccounts accounts, ISessions sessions, CallContext call, IAudit audit) : IRequestHandler<StorePassword, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(StorePassword request, CancellationToken cancellationToken)
    {
        await accounts.SetPassword(request.Hash, cancellationToken);
        await sessions.RevokeOthers(except: call.CredentialId, cancellationToken);
        await accounts.LoginSucceeded(request.Email, cancellationToken);
        audit.Record("password.changed", "user", call.UserId!.Value.ToString());
        return Unit.Value;
    }
}
