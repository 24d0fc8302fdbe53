using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>What can be said of a credential's fields before anything is asked of the database.</summary>
static class CredentialRules
{
    public const int MaxHosts = 50;
    public const int MaxScopes = 100;

    static readonly string[] ScopeNames = ["tenant", "user", "agent"];

    public static IEnumerable<FieldError> Name(string? name) =>
        name is { Length: >= 1 and <= 255 } && !string.IsNullOrWhiteSpace(name) && !name.StartsWith('=') && !name.Contains("{{", StringComparison.Ordinal) && !name.Any(char.IsControl)
            ? []
            : [new FieldError("/name", "invalid_name", "A name has 1 to 255 characters, no control characters, does not begin with = and holds no {{.")];

    public static IEnumerable<FieldError> Scope(string? scope, string? agent)
    {
        if (scope is not null && !ScopeNames.Contains(scope))
        {
            yield return new FieldError("/scope", "not_allowed", "A scope is tenant, user or agent.");
        }
        else if (scope == "agent" != (agent is not null))
        {
            yield return new FieldError("/agent", scope == "agent" ? "required" : "not_allowed", "A credential of scope agent, and no other, names its agent.");
        }
    }

    public static IEnumerable<FieldError> AuthType(string? type) =>
        type is null || SecretFields.AuthTypes.Contains(type) ? [] : [new FieldError("/auth_type", "not_allowed", $"This is one of: {string.Join(", ", SecretFields.AuthTypes)}.")];

    public static IEnumerable<FieldError> Hosts(IReadOnlyList<string>? hosts)
    {
        if (hosts is { Count: > MaxHosts })
        {
            return [new FieldError("/allowed_hosts", "too_many", $"At most {MaxHosts} hosts are allowed; there are {hosts.Count}.")];
        }

        return from host in (hosts ?? []).Index() where !HostPattern.IsValid(host.Item) select new FieldError($"/allowed_hosts/{host.Index}", "invalid_host", HostPattern.Rule);
    }

    public static IEnumerable<FieldError> Scopes(IReadOnlyList<string>? scopes)
    {
        if (scopes is { Count: > MaxScopes })
        {
            return [new FieldError("/scopes", "too_many", $"At most {MaxScopes} scopes are allowed; there are {scopes.Count}.")];
        }

        // RFC 6749: printable ASCII without space, quote and backslash.
        return from scope in (scopes ?? []).Index()
               where scope.Item is not { Length: >= 1 and <= 255 } || scope.Item.Any(c => c is <= ' ' or > '~' or '"' or '\\')
               select new FieldError($"/scopes/{scope.Index}", "invalid_scope", "A scope has 1 to 255 printable ASCII characters without spaces, quotes and backslashes.");
    }

    public static IEnumerable<FieldError> Expiry(DateTimeOffset? expiresAt, DateTimeOffset now) =>
        expiresAt <= now ? [new FieldError("/expires_at", "in_the_past", "Give a time to come.")] : [];
}
