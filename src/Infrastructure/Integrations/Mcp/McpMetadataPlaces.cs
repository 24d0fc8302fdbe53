using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>Where the metadata of servers and of authorization servers stand, in the order in which the protocol asks to look for them.</summary>
static class McpMetadataPlaces
{
    const string Resource = ".well-known/oauth-protected-resource";
    const string Server = ".well-known/oauth-authorization-server";
    const string OpenId = ".well-known/openid-configuration";

    /// <param name="told">Where the server itself says that they are.</param>
    public static IEnumerable<string> OfResource(Uri server, string? told)
    {
        var origin = server.GetLeftPart(UriPartial.Authority);
        return told is not null ? [told] : server.AbsolutePath.TrimEnd('/') is { Length: > 0 } path ? [$"{origin}/{Resource}{path}", $"{origin}/{Resource}"] : [$"{origin}/{Resource}"];
    }

    public static IEnumerable<string> OfIssuer(Uri issuer)
    {
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        return issuer.AbsolutePath.TrimEnd('/') is { Length: > 0 } path
            ? [$"{origin}/{Server}{path}", $"{origin}/{OpenId}{path}", $"{origin}{path}/{OpenId}"]
            : [$"{origin}/{Server}", $"{origin}/{OpenId}"];
    }

    /// <summary>Whether what a document is said of is this server, or what this server is a part of.</summary>
    public static bool Covers(string resource, Uri server) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var named) && named.Scheme == server.Scheme && named.IdnHost == server.IdnHost && named.Port == server.Port
        && named.Query.Length == 0 && $"{server.AbsolutePath.TrimEnd('/')}/".StartsWith($"{named.AbsolutePath.TrimEnd('/')}/", StringComparison.Ordinal);
}

/// <summary>What a server answers somebody whom it does not let in.</summary>
/// <param name="IsAsked">It asks for a token.</param>
/// <param name="Metadata">Where it says that its metadata are.</param>
/// <param name="Scopes">What it wants tokens to allow.</param>
sealed partial record McpChallenge(bool IsAsked, string? Metadata, IReadOnlyList<string> Scopes)
{
    public static McpChallenge Of(HttpResponseMessage response)
    {
        var bearer = response.Headers.WwwAuthenticate.FirstOrDefault(Bearer)?.Parameter ?? "";
        string? Value(string name) => Parameters().Matches(bearer).FirstOrDefault(one => one.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } match
            ? match.Groups["quoted"].Success ? match.Groups["quoted"].Value.Replace("\\", "", StringComparison.Ordinal) : match.Groups["token"].Value
            : null;
        return new(
            (int)response.StatusCode is 401 or 403, Value("resource_metadata") is { Length: <= 2048 } place ? place : null,
            Value("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: <= 100 } scopes && scopes.All(scope => scope.Length <= 255) ? scopes : []);
    }

    static bool Bearer(AuthenticationHeaderValue header) => header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""(?<name>[A-Za-z_]+)\s*=\s*("(?<quoted>([^"\\]|\\.)*)"|(?<token>[^\s,"]+))""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameters();
}
