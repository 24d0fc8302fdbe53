using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>What a token endpoint answered: tokens; or that what was presented does not count any more; or nothing that could be used.</summary>
sealed record TokenAnswer(Tokens? Tokens, bool IsRefused)
{
    public static readonly TokenAnswer Refused = new(null, true);
    public static readonly TokenAnswer Failed = new(null, false);
}

/// <summary>Asks the token endpoints of others, through the egress guard, without following redirects: they get the client's secret.</summary>
sealed class TokenEndpoint(GuardedHttp http)
{
    const int MaxAnswer = 64 * 1024;
    const int MaxToken = 16_384;
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public Task<TokenAnswer> Exchange(OAuthSpec spec, IReadOnlyDictionary<string, string> client, string code, string redirectUri, string verifier, CancellationToken ct) =>
        Ask(spec, client, [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirectUri), new("code_verifier", verifier)], ct);

    public Task<TokenAnswer> Refresh(OAuthSpec spec, IReadOnlyDictionary<string, string> client, string refreshToken, CancellationToken ct) =>
        Ask(spec, client, [new("grant_type", "refresh_token"), new("refresh_token", refreshToken)], ct);

    async Task<TokenAnswer> Ask(OAuthSpec spec, IReadOnlyDictionary<string, string> client, List<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, EgressUrl.Parse(spec.TokenUrl, http.Policy));
            if (spec.Resource is { } resource)
            {
                form.Add(new("resource", resource));
            }

            Identify(request, spec, client, form);
            request.Content = new FormUrlEncodedContent(form);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.TryAddWithoutValidation("User-Agent", "AgentPlatform");
            using var caller = http.CreateClient();
            caller.MaxResponseContentBufferSize = MaxAnswer;
            using var response = await caller.SendAsync(request, limit.Token);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token));
            return Read(response.StatusCode, document.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or EgressRefusedException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return TokenAnswer.Failed;
        }
    }

    static void Identify(HttpRequestMessage request, OAuthSpec spec, IReadOnlyDictionary<string, string> client, List<KeyValuePair<string, string>> form)
    {
        var (id, secret) = (client.GetValueOrDefault("client_id") ?? "", client.GetValueOrDefault("client_secret"));
        if (spec.UsesBasic && secret is not null)
        {
            // RFC 6749, 2.3.1: both are encoded as in a form first.
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}")));
            return;
        }

        form.Add(new("client_id", id));
        if (secret is not null)
        {
            form.Add(new("client_secret", secret));
        }
    }

    static TokenAnswer Read(HttpStatusCode status, JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Object)
        {
            return TokenAnswer.Failed;
        }

        // Some answer 200 and an error.
        if (Text(answer, "error") is { } error)
        {
            return error is "invalid_grant" or "bad_refresh_token" or "bad_verification_code" ? TokenAnswer.Refused : TokenAnswer.Failed;
        }

        if ((int)status is < 200 or > 299 || Text(answer, "access_token") is not { Length: > 0 and <= MaxToken } access || access.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return TokenAnswer.Failed;
        }

        var lifetime = answer.TryGetProperty("expires_in", out var seconds) && (seconds.ValueKind is JsonValueKind.Number ? seconds.TryGetInt64(out var count) : long.TryParse(Text(answer, "expires_in"), out count))
            && count is > 0 and < 10L * 365 * 24 * 3600
            ? TimeSpan.FromSeconds(count)
            : default(TimeSpan?);
        var refresh = Text(answer, "refresh_token") is { Length: > 0 and <= MaxToken } token ? token : null;
        var scopes = Text(answer, "scope")?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 and <= 100 } granted && granted.All(scope => scope.Length <= 255) ? granted : null;
        return new TokenAnswer(new Tokens(access, refresh, lifetime, scopes), false);
    }

    static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
