using System.Net;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// Between the protocol's client and the guarded connection: every request goes to the registered place and nowhere else, whatever the server says its endpoint is,
/// and every answer is bounded.
/// </summary>
sealed class McpHttpGuard(Uri place, McpBounds bounds) : DelegatingHandler
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var to = request.RequestUri!;
        if (to.Scheme != place.Scheme || to.IdnHost != place.IdnHost || to.Port != place.Port)
        {
            bounds.Fault.Set(McpFailures.ForeignEndpoint);
            throw new IOException(McpFailures.ForeignEndpoint.Message);
        }

        if (request.Method != HttpMethod.Delete)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (McpChallenge.Of(response) is { IsAsked: true, Scopes: { Count: > 0 } scopes })
            {
                bounds.Wanted = scopes;
            }

            return Bounded(response);
        }

        // To end a session is a courtesy; nobody waits for the answer.
        using var farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        farewell.CancelAfter(Farewell);
        return Bounded(await base.SendAsync(request, farewell.Token));
    }

    HttpResponseMessage Bounded(HttpResponseMessage response)
    {
        if (response.Content is { } content)
        {
            response.Content = new BoundedContent(content, bounds.Begin());
        }

        return response;
    }

    sealed class BoundedContent : HttpContent
    {
        readonly HttpContent inner;
        readonly McpBounds.Count count;

        public BoundedContent(HttpContent inner, McpBounds.Count count)
        {
            (this.inner, this.count) = (inner, count);
            foreach (var (name, values) in inner.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override async Task<Stream> CreateContentReadStreamAsync() => new BoundedStream(await inner.ReadAsStreamAsync(), count);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => new BoundedStream(await inner.ReadAsStreamAsync(cancellationToken), count);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await using var bounded = new BoundedStream(await inner.ReadAsStreamAsync(cancellationToken), count);
            await bounded.CopyToAsync(stream, cancellationToken);
        }

        // Chunked or compressed: only the bytes tell.
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
