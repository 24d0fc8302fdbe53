using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>A vendor's answer: one JSON document, events, or bytes.</summary>
sealed class VendorResponse(Vendor vendor, HttpResponseMessage response, WatchedStream body) : IDisposable
{
    const int MaxDepth = 64;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    public WatchedStream Body => body;

    public async Task<JsonDocument> Json(CancellationToken ct)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Options, ct);
        }
        catch (JsonException e)
        {
            throw VendorErrors.Invalid(vendor, "it is no JSON.", e);
        }
    }

    /// <summary>Server-sent events whose data are JSON; a mark like <c>[DONE]</c> ends them.</summary>
    public async IAsyncEnumerable<(string Name, JsonElement Data)> Events([EnumeratorCancellation] CancellationToken ct)
    {
        var events = SseParser.Create(body, static (_, data) => data is [(byte)'[', ..] ? default : JsonElement.Parse(data, Options));
        await using var next = events.EnumerateAsync(ct).GetAsyncEnumerator(ct);
        while (true)
        {
            try
            {
                if (!await next.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException e)
            {
                throw VendorErrors.Invalid(vendor, "an event of it is no JSON.", e);
            }

            if (next.Current.Data.ValueKind == JsonValueKind.Undefined)
            {
                yield break;
            }

            yield return (next.Current.EventType, next.Current.Data);
        }
    }

    public async Task<byte[]> Bytes(CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, ct);
        return buffer.ToArray();
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
