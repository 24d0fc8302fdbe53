using System.Text.Json;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The tenant that the call works in.</summary>
[Requires("tenant:read")]
public sealed record GetTenant : IQuery<TenantView>;

/// <param name="Plan">free, starter, pro or enterprise.</param>
/// <param name="Settings">A JSON object of the tenant's own.</param>
public sealed record TenantView(
    Guid Id, string Slug, string Name, string? Description, string Status, string Plan, Guid? OwnerUserId, string? ContactEmail, string? ContactName,
    JsonElement Settings, JsonElement Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
