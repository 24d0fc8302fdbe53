using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The tenant's API keys, the newest first; also the revoked ones.</summary>
[Requires("api_keys:read")]
public sealed record ListApiKeys(PageRequest Page) : IQuery<Page<ApiKeyView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.Of(Page);
}

/// <param name="Prefix">The key's beginning, to recognise it by.</param>
/// <param name="Status">active, revoked or expired.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Prefix, string[] Scopes, string Status, Guid UserId, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset CreatedAt);
