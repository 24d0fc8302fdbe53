using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations;

/// <summary>How a plain HTTP call carries a credential: one header. Never the address, which ends up in logs of every machine on the way.</summary>
/// <param name="Name">Null: <c>Authorization</c>, for an API key <c>X-Api-Key</c>.</param>
/// <param name="Prefix">Put before the value as it is; null: <c>Bearer </c> where the header is Authorization.</param>
public sealed partial record CredentialHeader(string? Name, string? Prefix)
{
    const string Authorization = "Authorization";

    /// <summary>What the request is made of, and what cuts one request in two.</summary>
    static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(
        [
            "host", "content-length", "content-type", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
            "upgrade", "expect", "http2-settings",
        ],
        StringComparer.OrdinalIgnoreCase);

    public IEnumerable<FieldError> Check(string authType)
    {
        if (Name is not null && (!Token().IsMatch(Name) || Refused.Contains(Name)))
        {
            yield return new FieldError("/header", "invalid_header", "This is the name of a request header that carries credentials, such as Authorization or X-Api-Key.");
        }

        if (Prefix is { Length: > 64 } || (Prefix is not null && Prefix.AsSpan().ContainsAnyExceptInRange(' ', '~')))
        {
            yield return new FieldError("/prefix", "invalid_prefix", "A prefix has at most 64 printable ASCII characters.");
        }

        if (authType == "basic" && (Name is not null || Prefix is not null))
        {
            yield return new FieldError(Name is not null ? "/header" : "/prefix", "not_allowed", "Basic authentication always goes in the Authorization header.");
        }
    }

    /// <summary>The header as it is sent; none where there is nothing to send yet.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Of(string authType, IReadOnlyDictionary<string, string> fields)
    {
        if (authType == "basic")
        {
            var pair = $"{fields.GetValueOrDefault("username")}:{fields.GetValueOrDefault("password")}";
            return [KeyValuePair.Create(Authorization, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)))];
        }

        var value = authType switch { "oauth2" => fields.GetValueOrDefault("access_token"), "bearer_token" => fields.GetValueOrDefault("token"), _ => fields.GetValueOrDefault("api_key") };
        var name = Name ?? (authType == "api_key" ? "X-Api-Key" : Authorization);
        return value is null ? [] : [KeyValuePair.Create(name, (Prefix ?? (name.Equals(Authorization, StringComparison.OrdinalIgnoreCase) ? "Bearer " : "")) + value)];
    }

    [GeneratedRegex(@"^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
