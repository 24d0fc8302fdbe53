using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>What may be known of a credential: everything but its secret.</summary>
/// <param name="Vendor">The model vendor that it is for; or null.</param>
/// <param name="Integration">The slug of the integration that it is for; or null.</param>
/// <param name="Scope">tenant, user or agent: whose runs may use it.</param>
/// <param name="AuthType">api_key, bearer_token, basic or oauth2.</param>
/// <param name="Header">The header that carries it, where it says so itself.</param>
/// <param name="AllowedHosts">Where it may be sent; empty: to the hosts of its vendor or integration.</param>
/// <param name="Preview">The secret's last four characters; null where that would show too much.</param>
/// <param name="Status">active, expired, or consent_needed.</param>
/// <param name="Version">Counts the secrets that it had.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record CredentialView(
    Guid Id, string Name, string? Vendor, string? Integration, string Scope, Guid? UserId, Guid? AgentId, string AuthType, string? Header, string? Prefix,
    string[] AllowedHosts, string[] Scopes, string? Preview, string Status, int Version, DateTimeOffset? ExpiresAt, DateTimeOffset? TokenExpiresAt, DateTimeOffset? LastUsedAt,
    Guid? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

static class CredentialErrors
{
    public static readonly Error NotFound = Error.NotFound("credential");

    public static readonly Error NameTaken = Error.Conflict("name_taken", "There is a credential of this name in this scope.");

    /// <summary>The service that keeps the keys does not answer; nothing was stored.</summary>
    public static readonly Error KeysUnavailable = new(ErrorKind.Unavailable, "keys_unavailable", "The key service does not answer right now; nothing was stored.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };
}
