using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// Joins the tenant that an invitation's token names, and goes on there with a new session. A signed-in person joins as themselves;
/// anybody else gives name and password and gets an account with the invited address. Not a command: the password is hashed between
/// looking the invitation up and accepting it, and no connection shall be held meanwhile.
/// </summary>
[AllowAnonymousRequest]
public sealed record AcceptInvitation(string Token, string? Name = null, string? Password = null) : IRequest<Result<SignedIn>>
{
    public override string ToString() => nameof(AcceptInvitation);
}

/// <param name="NewUser">Null for a signed-in person.</param>
[AllowAnonymousRequest]
sealed record JoinTenant(Guid TenantId, OpenInvitation Invitation, NewUser? NewUser) : ICommand<SignedIn>;

sealed record NewUser(string Name, string PasswordHash);

static class InvitationErrors
{
    public static readonly Error NotFound = Error.NotFound("invitation");
    public static readonly Error ForAnother = new(ErrorKind.Forbidden, "invitation_for_another", "This invitation is for another e-mail address.");
    public static readonly Error AlreadyMember = Error.Conflict("already_member", "You are a member of this tenant already.");
}

file sealed class AcceptHandler(IInvitations invitations, IAccounts accounts, IPasswords passwords, CallContext call, IMediator mediator)
    : IRequestHandler<AcceptInvitation, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(AcceptInvitation request, CancellationToken cancellationToken)
    {
        if (call.IsSignedIn && TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        if (!TenantToken.TryRead(TenantToken.Invitation, request.Token, out var token)
            || await Find(token, cancellationToken) is not { } invitation)
        {
            return InvitationErrors.NotFound;
        }

        if (call.IsSignedIn)
        {
            return await accounts.OwnEmail(cancellationToken) == invitation.Email
                ? await mediator.Send(new JoinTenant(token.TenantId, invitation, null), cancellationToken)
                : InvitationErrors.ForAnother;
        }

        var faults = new[] { PersonName.Check("/name", request.Name), PasswordRules.Check("/password", request.Password, invitation.Email, request.Name) }
            .OfType<FieldError>().ToList();
        if (faults.Count > 0)
        {
            return Error.Invalid(faults);
        }

        var hash = await passwords.Hash(request.Password!, cancellationToken);
        return hash.IsOk
            ? await mediator.Send(new JoinTenant(token.TenantId, invitation, new NewUser(request.Name!.Trim(), hash.Value)), cancellationToken)
            : hash.Error;
    }

    async Task<OpenInvitation?> Find(TenantToken token, CancellationToken ct)
    {
        using (new CallAs(call, token.TenantId))
        {
            return await invitations.Find(token.Hash, ct);
        }
    }
}

file sealed class JoinHandler(
    IInvitations invitations, IMembers members, IAccounts accounts, ISessions sessions, SignIn signIn, CallContext call, IAudit audit, TimeProvider time)
    : IRequestHandler<JoinTenant, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(JoinTenant request, CancellationToken cancellationToken)
    {
        var userId = request.NewUser is null ? call.UserId!.Value : Guid.CreateVersion7(time.GetUtcNow());
        if (call.CredentialId is { } session)
        {
            await sessions.Revoke(session, cancellationToken);
        }

        if (await Join(request, userId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var signedIn = await signIn.Open(userId, request.Invitation.TenantSlug, cancellationToken);
        if (signedIn.IsOk)
        {
            audit.Record("invitation.accepted", "invitation", request.Invitation.Id.ToString(), after: new { UserId = userId, request.Invitation.Role });
        }

        return signedIn;
    }

    /// <returns>The refusal, or null.</returns>
    async Task<Error?> Join(JoinTenant request, Guid userId, CancellationToken ct)
    {
        using var inTenant = new CallAs(call, request.TenantId, userId: userId);

        // The conditional update decides between two who accept at once; everything after it is undone if it refuses.
        if (!await invitations.TryAccept(request.Invitation.Id, ct))
        {
            return InvitationErrors.NotFound;
        }

        if (request.NewUser is { } person
            && await accounts.AddUser(userId, request.Invitation.Email, person.Name, person.PasswordHash, ct) is not AccountOutcome.Done)
        {
            return TenantErrors.EmailTaken;
        }

        return await members.Add(userId, request.Invitation.Role, ct) ? null : InvitationErrors.AlreadyMember;
    }
}
