using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Who I am, where I am, what I may do there, and where else I could be.</summary>
[SignedIn]
public sealed record GetAccount : IQuery<AccountView>;

/// <param name="Tenant">Null for somebody who belongs to no tenant (any more).</param>
/// <param name="Permissions">Of this credential: an API key may have fewer than its person.</param>
public sealed record AccountView(
    UserView User, TenantView? Tenant, string? Role, IReadOnlyList<string> Permissions, IReadOnlyList<TenantSummary> Tenants);

public sealed record UserView(
    Guid Id, string Email, string? Username, string Name, string? AvatarUrl, DateTimeOffset? EmailVerifiedAt, DateTimeOffset? LastLoginAt, DateTimeOffset CreatedAt);

public sealed record TenantSummary(Guid Id, string Slug, string Name, string Role);
