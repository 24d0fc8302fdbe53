using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Where the signed-in person is signed in now, the newest first: in whatever tenant, because a session is a person's.</summary>
[SignedIn]
public sealed record ListSessions(PageRequest Page) : IQuery<Page<SessionView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}

/// <param name="Tenant">Slug of the tenant that the person works in there; null for none.</param>
/// <param name="Ip">From where it was opened.</param>
/// <param name="LastSeenAt">To the minute.</param>
/// <param name="IsCurrent">This one asks.</param>
public sealed record SessionView(
    Guid Id, string? Tenant, string? Ip, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, bool IsCurrent);
