using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// Invites somebody by e-mail. There is no mail yet, so the token is answered, this once, and the inviter passes it on. Valid for seven days, once,
/// and only for the invited address. Inviting again replaces the earlier token.
/// </summary>
[Requires("members:write")]
public sealed record CreateInvitation(string Email, string Role) : ICommand<CreatedInvitation>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[] { EmailAddress.Check("/email", Email) }.OfType<FieldError>();
}

/// <param name="Token">Shown this once; only its hash is stored.</param>
public sealed record CreatedInvitation(Guid Id, string Email, string Role, string Token, Guid InvitedBy, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt);

file sealed class Handler(IInvitations invitations, IMembers members, RoleCatalog catalog, CallContext call, IAudit audit, TimeProvider time)
    : IRequestHandler<CreateInvitation, Result<CreatedInvitation>>
{
    static readonly Error AlreadyMember = Error.Conflict("already_member", "This person is a member already.");

    public async Task<Result<CreatedInvitation>> Handle(CreateInvitation request, CancellationToken cancellationToken)
    {
        if (KnownNames.Check(catalog, "/role", request.Role ?? "", "", null) is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        if (!Membership.MayGive(request.Role!, catalog, call.Permissions))
        {
            return Membership.ExceedsOwnPermissions;
        }

        var email = EmailAddress.Normalize(request.Email);
        if (await members.HasEmail(email, cancellationToken))
        {
            return AlreadyMember;
        }

        var token = TenantToken.Create(TenantToken.Invitation, call.Tenant);
        var invitation = await invitations.Put(Guid.CreateVersion7(time.GetUtcNow()), email, request.Role!, token.Hash, cancellationToken);
        audit.Record("invitation.created", "invitation", invitation.Id.ToString(), after: invitation);
        return new CreatedInvitation(invitation.Id, email, invitation.Role, token.Text, invitation.InvitedBy, invitation.ExpiresAt, invitation.CreatedAt);
    }
}
