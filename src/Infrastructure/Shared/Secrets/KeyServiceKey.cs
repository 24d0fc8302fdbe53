using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Infrastructure.Shared.Egress;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>A key in a service that never gives it out, spoken to as HashiCorp Vault's and OpenBao's transit engine is.</summary>
/// <param name="Url">Where the engine is mounted, for example <c>https://vault.internal:8200/v1/transit</c>.</param>
/// <param name="Key">The key's name there.</param>
/// <param name="TokenFile">Read at every call: agents that renew tokens rewrite it.</param>
/// <param name="IsCurrent">False: it only opens what it once encrypted, on the way back to a local key.</param>
sealed record KeyServiceOptions(Uri Url, string Key, string TokenFile, bool IsCurrent)
{
    const string Section = "Encryption:KeyService";

    public static KeyServiceOptions? From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section["Url"] is not { Length: > 0 } url)
        {
            return null;
        }

        return Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            && section["Key"] is { Length: > 0 and <= 200 } key && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && section["TokenFile"] is { Length: > 0 } token
            ? new(address, key, token, !string.Equals(section["Current"], "false", StringComparison.OrdinalIgnoreCase))
            : throw new StartException("Encryption__KeyService needs an https Url, the name of a Key and a TokenFile.");
    }
}

sealed class KeyServiceKey(KeyServiceOptions options) : IKeyEncryptionKey, IDisposable
{
    const int MaxAnswer = 16 * 1024;
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The operator's own service, usually on a private network: the one host that this door leads to, and no tenant's call goes through it.</summary>
    readonly GuardedHttp http = new(EgressPolicy.Create([options.Url.Host.Trim('[', ']')], []));

    public string Id { get; } = "service:" + options.Key;

    public async ValueTask<byte[]> Wrap(ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken ct)
    {
        var answer = await Ask("encrypt", new { plaintext = Convert.ToBase64String(dataKey.Span), associated_data = Convert.ToBase64String(context.Span) }, ct);
        return answer is { } data && data.TryGetProperty("ciphertext", out var text) && text.GetString() is { Length: > 0 and <= 4096 } ciphertext
            ? System.Text.Encoding.ASCII.GetBytes(ciphertext)
            : throw new KeyServiceException("The key service refused to encrypt.");
    }

    public async ValueTask<byte[]?> Unwrap(ReadOnlyMemory<byte> wrapped, ReadOnlyMemory<byte> context, CancellationToken ct)
    {
        var answer = await Ask("decrypt", new { ciphertext = System.Text.Encoding.ASCII.GetString(wrapped.Span), associated_data = Convert.ToBase64String(context.Span) }, ct);
        return answer is { } data && data.TryGetProperty("plaintext", out var text) && text.TryGetBytesFromBase64(out var plain) ? plain : null;
    }

    public void Dispose() => http.Dispose();

    /// <returns>The answer's <c>data</c>; null for a 400, which is the service's way to say that a ciphertext is not its own.</returns>
    async Task<JsonElement?> Ask(string verb, object body, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            using var client = http.CreateClient();
            client.MaxResponseContentBufferSize = MaxAnswer;
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Url, $"{verb}/{options.Key}")) { Content = JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("X-Vault-Token", (await File.ReadAllTextAsync(options.TokenFile, limit.Token)).Trim());
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var response = await client.SendAsync(request, limit.Token);
            if ((int)response.StatusCode == 400)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token));
            return document.RootElement.TryGetProperty("data", out var data) ? data.Clone() : throw new KeyServiceException("The key service answered something else than a result.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or UnauthorizedAccessException or EgressRefusedException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new KeyServiceException("The key service does not answer.", e);
        }
    }
}
