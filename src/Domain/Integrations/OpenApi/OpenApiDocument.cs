using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations.OpenApi;

/// <summary>An API as its OpenAPI document (3.0 or 3.1) describes it. Nothing outside the document is read.</summary>
/// <param name="AuthType">How its credentials are carried, as far as this platform can: <c>none</c> otherwise.</param>
/// <param name="Spec">Of the integration.</param>
public sealed record OpenApiDocument(string Title, string? Description, string AuthType, JsonElement Spec, IReadOnlyList<OpenApiOperation> Operations)
{
    public const int MaxOperations = 2_000;

    /// <summary>Reads a document.</summary>
    /// <param name="baseUrl">Where the API is; by default the document's first server.</param>
    /// <returns>What is wrong with it, with pointers below <c>/document</c>; empty when it could be read.</returns>
    public static IReadOnlyList<FieldError> TryRead(JsonElement document, string? baseUrl, out OpenApiDocument? read)
    {
        read = null;
        var version = document.ValueKind is JsonValueKind.Object ? IntegrationSpec.Text(document, "openapi") : null;
        if (version is null || !(version.StartsWith("3.0", StringComparison.Ordinal) || version.StartsWith("3.1", StringComparison.Ordinal)))
        {
            return [new FieldError("/document/openapi", "unsupported_version", "This is an OpenAPI document of version 3.0 or 3.1.")];
        }

        if (Server(document, baseUrl) is not { } server)
        {
            return [new FieldError(baseUrl is null ? "/document/servers" : "/base_url", "invalid_url", "Say where the API is: an absolute http or https URL, in servers or as base_url.")];
        }

        var schemas = new OpenApiSchemas(document, version.StartsWith("3.0", StringComparison.Ordinal));
        var operations = new OpenApiOperations(document, schemas, server.GetLeftPart(UriPartial.Path).TrimEnd('/')).Read().Take(MaxOperations + 1).ToList();
        if (operations.Count > MaxOperations)
        {
            return [new FieldError("/document/paths", "too_many", $"A document has at most {MaxOperations} operations.")];
        }

        if (operations.GroupBy(operation => operation.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return [new FieldError("/document/paths", "duplicate", $"Two operations are called {twice.Key}.")];
        }

        var (authType, spec) = Auth(document, schemas);
        spec["hosts"] = new JsonArray(server.IsDefaultPort ? server.IdnHost.ToLowerInvariant() : $"{server.IdnHost.ToLowerInvariant()}:{server.Port}");
        spec["base_url"] = server.GetLeftPart(UriPartial.Path);
        var info = document.TryGetProperty("info", out var about) && about.ValueKind is JsonValueKind.Object ? about : default;
        var (title, description) = info.ValueKind is JsonValueKind.Object ? (IntegrationSpec.Text(info, "title"), IntegrationSpec.Text(info, "description")) : (null, null);
        read = new OpenApiDocument(
            title is { Length: > 0 } ? Cut(title, 255) : "API", description is { Length: > 0 } ? Cut(description, 4000) : null, authType, JsonSerializer.SerializeToElement(spec), operations);
        return [];
    }

    static Uri? Server(JsonElement document, string? baseUrl)
    {
        var text = baseUrl;
        if (text is null && document.TryGetProperty("servers", out var servers) && servers.ValueKind is JsonValueKind.Array && servers.GetArrayLength() > 0 && servers[0] is { ValueKind: JsonValueKind.Object } first)
        {
            text = IntegrationSpec.Text(first, "url");
            if (text is not null && first.TryGetProperty("variables", out var variables) && variables.ValueKind is JsonValueKind.Object)
            {
                text = variables.EnumerateObject().Where(v => v.Value.ValueKind is JsonValueKind.Object)
                    .Aggregate(text, (url, v) => url.Replace($"{{{v.Name}}}", IntegrationSpec.Text(v.Value, "default") ?? "", StringComparison.Ordinal));
            }
        }

        return text is { Length: <= 1024 } && !text.Contains('{') && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.UserInfo.Length == 0 && url.Query.Length == 0 ? url : null;
    }

    /// <summary>The first scheme that this platform can carry.</summary>
    static (string AuthType, JsonObject Spec) Auth(JsonElement document, OpenApiSchemas schemas)
    {
        if (document.TryGetProperty("components", out var components) && components.ValueKind is JsonValueKind.Object
            && components.TryGetProperty("securitySchemes", out var schemes) && schemes.ValueKind is JsonValueKind.Object)
        {
            foreach (var scheme in schemes.EnumerateObject().Select(scheme => schemas.Resolve(scheme.Value)).Where(scheme => scheme.ValueKind is JsonValueKind.Object))
            {
                switch (IntegrationSpec.Text(scheme, "type"), IntegrationSpec.Text(scheme, "scheme")?.ToLowerInvariant(), IntegrationSpec.Text(scheme, "in"))
                {
                    case ("http", "bearer", _):
                        return ("bearer_token", []);
                    case ("http", "basic", _):
                        return ("basic", []);
                    case ("apiKey", _, "header") when IntegrationSpec.Text(scheme, "name") is { } name && !new CredentialHeader(name, null).Check("api_key").Any():
                        return ("api_key", new JsonObject { ["header"] = name, ["prefix"] = "" });
                    case ("oauth2", _, _) when OAuth(scheme) is { } oauth:
                        return ("oauth2", new JsonObject { ["oauth"] = oauth });
                }
            }
        }

        return ("none", []);
    }

    static JsonObject? OAuth(JsonElement scheme)
    {
        if (!scheme.TryGetProperty("flows", out var flows) || flows.ValueKind is not JsonValueKind.Object || !flows.TryGetProperty("authorizationCode", out var flow) || flow.ValueKind is not JsonValueKind.Object
            || IntegrationSpec.Text(flow, "authorizationUrl") is not { } authorize || IntegrationSpec.Text(flow, "tokenUrl") is not { } token)
        {
            return null;
        }

        var scopes = flow.TryGetProperty("scopes", out var named) && named.ValueKind is JsonValueKind.Object ? named.EnumerateObject().Select(scope => scope.Name).Take(100) : [];
        return new JsonObject { ["authorize_url"] = authorize, ["token_url"] = token, ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) };
    }

    static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
