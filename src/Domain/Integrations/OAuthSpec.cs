using System.Text.Json;

namespace AgentPlatform.Domain.Integrations;

/// <summary>How a person consents: the authorization code flow of OAuth 2, with PKCE.</summary>
/// <param name="Parameters">What the authorization endpoint wants to hear besides, for example <c>access_type=offline</c>.</param>
/// <param name="UsesBasic">The client shows itself to the token endpoint by basic authentication; else in the form.</param>
/// <param name="Issuer">What the server calls itself where it says so (RFC 9207): an answer of another one is refused.</param>
public sealed record OAuthSpec(
    string AuthorizeUrl, string TokenUrl, IReadOnlyList<string> Scopes, IReadOnlyList<KeyValuePair<string, string>> Parameters, bool UsesBasic, string? Issuer)
{
    internal static OAuthSpec? Read(JsonElement spec)
    {
        if (!spec.TryGetProperty("oauth", out var oauth) || oauth.ValueKind is not JsonValueKind.Object
            || IntegrationSpec.Text(oauth, "authorize_url") is not { } authorize || IntegrationSpec.Text(oauth, "token_url") is not { } token)
        {
            return null;
        }

        KeyValuePair<string, string>[] more = oauth.TryGetProperty("parameters", out var parameters) && parameters.ValueKind is JsonValueKind.Object
            ? [.. parameters.EnumerateObject().Where(x => x.Value.ValueKind is JsonValueKind.String).Select(x => KeyValuePair.Create(x.Name, x.Value.GetString()!))]
            : [];
        return new OAuthSpec(authorize, token, [.. IntegrationSpec.Texts(oauth, "scopes")], more, IntegrationSpec.Text(oauth, "client_auth") == "basic", IntegrationSpec.Text(oauth, "issuer"));
    }
}
