using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>A vendor's answer: one JSON document, events, or bytes.</summary>
sealed class VendorResponse(Vendor vendor, HttpResponseMessage response, WatchedStream body) : IDisposable
{
    const int MaxDepth = 64;
    const int Piece = 16 * 1024;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    public WatchedStream Body => body;

    /// <summary>Null when the vendor did not send it.</summary>
    public string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

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

    /// <param name="limit">One byte more is refused, as soon as that is known.</param>
    public async Task<byte[]> Bytes(int limit, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > limit)
        {
            throw VendorErrors.TooLarge(vendor, limit);
        }

        var buffer = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(buffer.GetMemory(Piece), ct) is > 0 and var read)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
            {
                throw VendorErrors.TooLarge(vendor, limit);
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
