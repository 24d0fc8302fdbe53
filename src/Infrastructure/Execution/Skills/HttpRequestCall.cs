using System.Net.Http.Headers;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Makes the call of the skill <c>http_request</c>: every hop through the egress guard, within one total timeout and one size limit.
/// Whatever the peer does, the outcome is a result; only the caller's own cancellation is thrown.</summary>
sealed class HttpRequestCall(GuardedHttp http, TimeProvider time)
{
    const int ReadChunk = 64 * 1024;

    public async Task<HttpRequestResult> Send(HttpRequestInput input, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(input.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await Follow(input, started, both.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && HttpRequestErrors.From(e, deadline.IsCancellationRequested, input.Timeout) is { } error)
        {
            return HttpRequestResult.Fail(error);
        }
    }

    async Task<HttpRequestResult> Follow(HttpRequestInput input, long started, CancellationToken ct)
    {
        var hop = new HttpRequestHop(input, http.Policy);
        if (input.Credential?.Refusal(hop.Url, http.Policy.IsListed(hop.Url.IdnHost.Trim('[', ']'))) is { } refusal)
            return HttpRequestResult.Fail(refusal);

        using var client = http.CreateClient();
        while (true)
        {
            using var request = hop.ToMessage();
            using var span = HttpRequestTrace.Begin(request);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            HttpRequestTrace.End(span, response.StatusCode);
            if (input.FollowRedirects == 0 || !HttpRequestHop.IsRedirect(response.StatusCode) || Location(response) is not { } location)
                return await Finish(input, hop, response, started, ct);
            if (hop.Redirects == input.FollowRedirects)
                return HttpRequestResult.Fail(HttpRequestErrors.TooManyRedirects(input.FollowRedirects));
            hop.Redirect(response.StatusCode, location);
        }
    }

    async Task<HttpRequestResult> Finish(HttpRequestInput input, HttpRequestHop hop, HttpResponseMessage response, long started, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var url = hop.Url.GetLeftPart(UriPartial.Query);
        if (status >= 400 && !input.ExpectStatus.Contains(status))
        {
            var (start, _) = await ReadBody(response.Content, HttpRequestErrors.ExcerptLength, ct);
            return HttpRequestResult.Fail(HttpRequestErrors.Status(status, url, start.Span, RetryAfter(response.Headers.RetryAfter)));
        }

        // The declared length only spares the work; the count below is what holds.
        if (response.Content.Headers.ContentLength > input.MaxResponseBytes && input.Method != "HEAD")
            return HttpRequestResult.Fail(HttpRequestErrors.TooLarge(input.MaxResponseBytes));
        var (bytes, complete) = await ReadBody(response.Content, input.MaxResponseBytes, ct);
        if (!complete)
            return HttpRequestResult.Fail(HttpRequestErrors.TooLarge(input.MaxResponseBytes));
        if (HttpRequestBody.Read(bytes, response.Content.Headers.ContentType, input.Response) is not { } body)
            return HttpRequestResult.Fail(HttpRequestErrors.NotJson(HttpRequestBody.Excerpt(bytes.Span[..Math.Min(bytes.Length, HttpRequestErrors.ExcerptLength)])));

        return HttpRequestResult.Ok(new(status, HeadersOf(response), body, url, time.GetElapsedTime(started), hop.Redirects));
    }

    /// <summary>Reads at most <paramref name="max"/> bytes, counted after decompression, so that a bomb is cut where it passes the limit.</summary>
    static async Task<(ReadOnlyMemory<byte> Bytes, bool Complete)> ReadBody(HttpContent content, int max, CancellationToken ct)
    {
        var buffer = new byte[Math.Min(ReadChunk, max + 1)];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(ct);
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, max + 1L));
            var read = await stream.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
                return (buffer.AsMemory(0, length), true);
            length += read;
            if (length > max)
                return (buffer.AsMemory(0, max), false);
        }
    }

    /// <summary>As it came, because the framework's own reading hides what it cannot parse. Two of them contradict each other: then none is followed.</summary>
    static string? Location(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) && values.Count == 1 ? values.ToString() : null;

    static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in new HttpHeaders[] { response.Headers, response.Content.Headers })
        {
            foreach (var (name, values) in group.NonValidated)
                headers[name.ToLowerInvariant()] = string.Join(", ", values).Replace('\0', '\uFFFD');
        }

        return headers;
    }

    /// <summary>Clamped to an hour: beyond it, a retry policy knows better than a peer that may be wrong or hostile.</summary>
    TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wish = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wish is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > HttpRequestErrors.MaxRetryAfter ? HttpRequestErrors.MaxRetryAfter : wait;
    }
}
