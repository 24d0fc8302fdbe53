using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// Asks servers and their authorization servers for their metadata (RFC 9728, RFC 8414, OpenID Connect Discovery) and registers clients (RFC 7591), through the egress guard and
/// without following redirects.
/// </summary>
sealed class McpAuthorizationClient(GuardedHttp http, McpOptions options) : IMcpAuthorization
{
    const int MaxAnswer = 128 * 1024;

    public async Task<Result<McpAuthorization>> Discover(Uri server, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Patience);
        try
        {
            var challenge = await Challenge(server, patience.Token);
            var resource = await First(McpMetadataPlaces.OfResource(server, challenge.Metadata), patience.Token);
            return resource is { } document ? await Of(server, document, challenge, patience.Token) : await OfForerunner(server, challenge, patience.Token);
        }
        catch (EgressRefusedException e)
        {
            return Error.Conflict(e.Code, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return McpErrors.NotDiscovered("it, or who is named by it, does not answer");
        }
    }

    public async Task<Result<McpClientAccount>> Register(McpAuthorization authorization, string redirectUri, CancellationToken ct)
    {
        if (authorization.RegisterUrl is not { } url)
        {
            return McpErrors.ClientNeeded(redirectUri);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, EgressUrl.Parse(url, http.Policy))
            {
                Content = JsonContent.Create(new
                {
                    client_name = "AgentPlatform",
                    redirect_uris = new[] { redirectUri },
                    grant_types = new[] { "authorization_code", "refresh_token" },
                    response_types = new[] { "code" },
                    token_endpoint_auth_method = authorization.PreferredAuth,
                    application_type = new Uri(redirectUri).IsLoopback ? "native" : "web",
                }),
            };
            var (status, answer) = await Ask(request, patience.Token);
            if (status is < 200 or > 299 || answer is not { } made || Text(made, "client_id") is not { Length: > 0 and <= 2048 } id)
            {
                return McpErrors.ClientNeeded(redirectUri);
            }

            var secret = Text(made, "client_secret") is { Length: > 0 and <= 4096 } given ? given : null;
            return new McpClientAccount(id, secret, secret is null ? "none" : Text(made, "token_endpoint_auth_method") ?? authorization.PreferredAuth);
        }
        catch (EgressRefusedException e)
        {
            return Error.Conflict(e.Code, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return McpErrors.NotDiscovered("it takes no registration");
        }
    }

    async Task<Result<McpAuthorization>> Of(Uri server, JsonElement resource, McpChallenge challenge, CancellationToken ct)
    {
        // Whoever could name another resource here could have tokens made out for it.
        if (Text(resource, "resource") is not { } name || !McpMetadataPlaces.Covers(name, server))
        {
            return McpErrors.NotDiscovered("what it says of itself is said of another server");
        }

        if (Texts(resource, "authorization_servers") is not [var issuer, ..])
        {
            return McpErrors.NotDiscovered("it names no authorization server");
        }

        // As it is written: what the framework makes of it may look better than it is.
        if (await First(McpMetadataPlaces.OfIssuer(EgressUrl.Parse(issuer, http.Policy)), ct) is not { } metadata)
        {
            return McpErrors.NotDiscovered("its authorization server says nothing of itself");
        }

        var scopes = challenge.Scopes is { Count: > 0 } asked ? asked : Texts(resource, "scopes_supported");
        return Read(metadata, issuer, name, scopes);
    }

    /// <summary>Servers of 2025-03-26 are their own authorization server, and may not even say where it is.</summary>
    async Task<Result<McpAuthorization>> OfForerunner(Uri server, McpChallenge challenge, CancellationToken ct)
    {
        var origin = server.GetLeftPart(UriPartial.Authority);
        if (await First(McpMetadataPlaces.OfIssuer(new Uri(origin)), ct) is { } metadata)
        {
            return Read(metadata, Text(metadata, "issuer")?.TrimEnd('/') == origin ? Text(metadata, "issuer")! : origin, null, challenge.Scopes);
        }

        return challenge.IsAsked
            ? new McpAuthorization(null, $"{origin}/authorize", $"{origin}/token", $"{origin}/register", null, challenge.Scopes, ["client_secret_post", "none"], TellsIssuer: false)
            : McpErrors.NotDiscovered("it asks for no authorization");
    }

    static Result<McpAuthorization> Read(JsonElement metadata, string issuer, string? resource, IReadOnlyList<string> scopes)
    {
        if (Text(metadata, "issuer") != issuer)
        {
            return McpErrors.NotDiscovered("its authorization server calls itself something else");
        }

        if (!Texts(metadata, "code_challenge_methods_supported").Contains("S256"))
        {
            return McpErrors.NotDiscovered("its authorization server does not say that it does PKCE");
        }

        if (Url(metadata, "authorization_endpoint") is not { } authorize || Url(metadata, "token_endpoint") is not { } token)
        {
            return McpErrors.NotDiscovered("its authorization server has no endpoints");
        }

        // A refresh token, where one has to be asked for.
        IReadOnlyList<string> wanted = Texts(metadata, "scopes_supported").Contains("offline_access") && !scopes.Contains("offline_access") ? [.. scopes, "offline_access"] : scopes;
        var tells = metadata.TryGetProperty("authorization_response_iss_parameter_supported", out var says) && says.ValueKind is JsonValueKind.True;
        return new McpAuthorization(issuer, authorize, token, Url(metadata, "registration_endpoint"), resource, wanted, Texts(metadata, "token_endpoint_auth_methods_supported"), tells);
    }

    /// <summary>What the server says to somebody without credentials; its address is judged as it is written, before anything is made of it.</summary>
    async Task<McpChallenge> Challenge(Uri server, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, EgressUrl.Parse(server.OriginalString, http.Policy))
        {
            Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method = "initialize", @params = new { protocolVersion = "2025-11-25", capabilities = new { }, clientInfo = new { name = "AgentPlatform", version = "0" } } }),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var caller = http.CreateClient();
        using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        return McpChallenge.Of(response);
    }

    /// <summary>The first of these places where there is a document.</summary>
    async Task<JsonElement?> First(IEnumerable<string> places, CancellationToken ct)
    {
        foreach (var place in places)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, EgressUrl.Parse(place, http.Policy));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            var (status, document) = await Ask(request, ct);
            if (status == 200 && document is not null)
            {
                return document;
            }
        }

        return null;
    }

    async Task<(int Status, JsonElement? Answer)> Ask(HttpRequestMessage request, CancellationToken ct)
    {
        using var caller = http.CreateClient();
        caller.MaxResponseContentBufferSize = MaxAnswer;
        using var response = await caller.SendAsync(request, ct);
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(ct));
            return ((int)response.StatusCode, document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null);
        }
        catch (JsonException)
        {
            return ((int)response.StatusCode, null);
        }
    }

    static string? Text(JsonElement document, string name) => document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    static IReadOnlyList<string> Texts(JsonElement document, string name) =>
        document.TryGetProperty(name, out var values) && values.ValueKind is JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(value => value.ValueKind is JsonValueKind.String).Select(value => value.GetString()!).Where(text => text.Length is > 0 and <= 255).Take(100)]
            : [];

    static string? Url(JsonElement document, string name) =>
        Text(document, name) is { Length: <= 2048 } text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? text : null;
}
