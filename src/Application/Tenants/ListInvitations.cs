using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The invitations that nobody has accepted yet, the newest first; expired ones too, until they are deleted.</summary>
[Requires("members:read")]
public sealed record ListInvitations(PageRequest Page) : IQuery<Page<InvitationView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}

/// <param name="Status">open or expired.</param>
public sealed record InvitationView(Guid Id, string Email, string Role, Guid InvitedBy, string Status, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt);
