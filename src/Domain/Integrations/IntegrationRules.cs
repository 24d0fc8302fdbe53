using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations;

/// <summary>What a tenant may write into the <c>spec</c> of an integration of its own.</summary>
public static class IntegrationRules
{
    public const int MaxBytes = 32_768;

    static readonly string[] Members = ["hosts", "header", "prefix", "test", "oauth", "base_url", "documentation_url"];
    static readonly string[] OAuthMembers = ["authorize_url", "token_url", "scopes", "parameters", "client_auth", "issuer", "resource", "tells_issuer"];

    public static IReadOnlyList<string> AuthTypes { get; } = ["oauth2", "api_key", "bearer_token", "basic", "none"];

    public static IReadOnlyList<FieldError> Check(string authType, JsonElement spec)
    {
        if (spec.ValueKind is not JsonValueKind.Object)
        {
            return [new FieldError("/spec", "wrong_type", "This is an object.")];
        }

        if (Encoding.UTF8.GetByteCount(spec.GetRawText()) > MaxBytes)
        {
            return [new FieldError("/spec", "too_large", $"A spec has at most {MaxBytes} bytes.")];
        }

        var faults = new List<FieldError>();
        faults.AddRange(Unknown("/spec", spec, Members));
        foreach (var name in new[] { "header", "prefix", "base_url", "documentation_url" })
        {
            TextOf("/spec", spec, name, faults);
        }

        if (Texts("/spec", spec, "hosts", 50, faults) is { Count: > 0 } hosts)
        {
            faults.AddRange(from host in hosts.Index() where !HostPattern.IsValid(host.Item) select new FieldError($"/spec/hosts/{host.Index}", "invalid_host", HostPattern.Rule));
        }
        else if (authType != "none")
        {
            faults.Add(new FieldError("/spec/hosts", "required", "Say to which hosts its credentials may be sent."));
        }

        if (faults.Count == 0)
        {
            faults.AddRange(IntegrationSpec.Read(spec).Header.Check(authType).Select(fault => fault with { Pointer = "/spec" + fault.Pointer }));
        }

        if (spec.TryGetProperty("test", out var test))
        {
            faults.AddRange(test.ValueKind is JsonValueKind.Object ? Unknown("/spec/test", test, ["url"]) : [new FieldError("/spec/test", "wrong_type", "This is an object.")]);
            Url("/spec/test", test, "url", faults);
        }

        CheckOAuth(authType, spec, faults);
        return faults;
    }

    static void CheckOAuth(string authType, JsonElement spec, List<FieldError> faults)
    {
        if (!spec.TryGetProperty("oauth", out var oauth))
        {
            if (authType == "oauth2")
            {
                faults.Add(new FieldError("/spec/oauth", "required", "Say where people consent: authorize_url and token_url."));
            }

            return;
        }

        if (authType != "oauth2" || oauth.ValueKind is not JsonValueKind.Object)
        {
            faults.Add(new FieldError("/spec/oauth", authType == "oauth2" ? "wrong_type" : "not_allowed", authType == "oauth2" ? "This is an object." : "Only an integration of auth_type oauth2 has this."));
            return;
        }

        faults.AddRange(Unknown("/spec/oauth", oauth, OAuthMembers));
        Url("/spec/oauth", oauth, "authorize_url", faults);
        Url("/spec/oauth", oauth, "token_url", faults);
        TextOf("/spec/oauth", oauth, "issuer", faults);
        TextOf("/spec/oauth", oauth, "resource", faults);
        if (oauth.TryGetProperty("tells_issuer", out var tells) && tells.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            faults.Add(new FieldError("/spec/oauth/tells_issuer", "wrong_type", "This is true or false."));
        }

        Texts("/spec/oauth", oauth, "scopes", 100, faults);
        if (oauth.TryGetProperty("client_auth", out var auth) && !(auth.ValueKind is JsonValueKind.String && auth.GetString() is "basic" or "form"))
        {
            faults.Add(new FieldError("/spec/oauth/client_auth", "not_allowed", "This is basic or form."));
        }

        if (oauth.TryGetProperty("parameters", out var parameters)
            && (parameters.ValueKind is not JsonValueKind.Object || parameters.EnumerateObject().Any(x => x.Value.ValueKind is not JsonValueKind.String || IsOurs(x.Name))))
        {
            faults.Add(new FieldError("/spec/oauth/parameters", "not_allowed", "This is an object of texts, and holds none of the parameters that the flow sets itself."));
        }
    }

    static bool IsOurs(string name) => name is "response_type" or "client_id" or "redirect_uri" or "state" or "scope" or "code_challenge" or "code_challenge_method" or "resource";

    static IEnumerable<FieldError> Unknown(string pointer, JsonElement value, string[] known) =>
        from member in value.EnumerateObject() where !known.Contains(member.Name) select new FieldError($"{pointer}/{member.Name}", "unknown_member", $"This holds: {string.Join(", ", known)}.");

    static void Url(string pointer, JsonElement value, string name, List<FieldError> faults)
    {
        if (value.ValueKind is JsonValueKind.Object
            && !(value.TryGetProperty(name, out var url) && url.ValueKind is JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address)
            && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 && address.Fragment.Length == 0 && url.GetString()!.Length <= 2048))
        {
            faults.Add(new FieldError($"{pointer}/{name}", "invalid_url", "This is an absolute http or https URL of at most 2 048 characters, without user name and fragment."));
        }
    }

    static void TextOf(string pointer, JsonElement value, string name, List<FieldError> faults)
    {
        if (value.TryGetProperty(name, out var text) && !(text.ValueKind is JsonValueKind.String && text.GetString() is { Length: <= 2048 }))
        {
            faults.Add(new FieldError($"{pointer}/{name}", "invalid_text", "This is a text of at most 2 048 characters."));
        }
    }

    static List<string?> Texts(string pointer, JsonElement value, string name, int most, List<FieldError> faults)
    {
        if (!value.TryGetProperty(name, out var list))
        {
            return [];
        }

        if (list.ValueKind is JsonValueKind.Array && list.GetArrayLength() <= most && list.EnumerateArray().All(x => x.ValueKind is JsonValueKind.String && x.GetString()!.Length is > 0 and <= 255))
        {
            return [.. list.EnumerateArray().Select(x => x.GetString())];
        }

        faults.Add(new FieldError($"{pointer}/{name}", "invalid_list", $"This is a list of at most {most} texts of 1 to 255 characters."));
        return [];
    }
}
