using System.Text.Json;

namespace AgentPlatform.Domain.Integrations;

/// <summary>How a person consents: the authorization code flow of OAuth 2, with PKCE.</summary>
/// <param name="Parameters">What the authorization endpoint wants to hear besides, for example <c>access_type=offline</c>.</param>
/// <param name="UsesBasic">The client shows itself to the token endpoint by basic authentication; else in the form.</param>
/// <param name="Issuer">What the server calls itself where it says so (RFC 9207): an answer of another one is refused.</param>
/// <param name="Resource">What tokens are to be for (RFC 8707); told wherever one is asked for.</param>
/// <param name="TellsIssuer">It names itself in every answer: one that does not is another's.</param>
public sealed record OAuthSpec(
    string AuthorizeUrl, string TokenUrl, IReadOnlyList<string> Scopes, IReadOnlyList<KeyValuePair<string, string>> Parameters, bool UsesBasic, string? Issuer,
    string? Resource = null, bool TellsIssuer = false)
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
        return new OAuthSpec(authorize, token, [.. IntegrationSpec.Texts(oauth, "scopes")], more, IntegrationSpec.Text(oauth, "client_auth") == "basic", IntegrationSpec.Text(oauth, "issuer"),
            IntegrationSpec.Text(oauth, "resource"), oauth.TryGetProperty("tells_issuer", out var tells) && tells.ValueKind is JsonValueKind.True);
    }
}
