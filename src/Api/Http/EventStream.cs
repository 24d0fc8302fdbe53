using System.Text;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Api.Http;

/// <summary>Events as <c>text/event-stream</c>, flushed one by one; a comment now and then keeps proxies from closing a quiet stream.</summary>
sealed class EventStream(IAsyncEnumerable<RunEvent> events) : IResult
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await using var next = events.GetAsyncEnumerator(ct);
        while (true)
        {
            var waiting = next.MoveNextAsync().AsTask();
            try
            {
                while (await Task.WhenAny(waiting, Task.Delay(Heartbeat, ct)) != waiting)
                {
                    await Send(response, ": still here\n\n", ct);
                }
            }
            finally
            {
                // An enumerator cannot be disposed of while it looks for the next event; it ends with the same token.
                await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!await waiting)
            {
                return;
            }

            var what = next.Current;
            await Send(response, $"id: {what.Id}\nevent: {what.Name}\ndata: {what.Data}\n\n", ct);
        }
    }

    static async Task Send(HttpResponse response, string text, CancellationToken ct)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await response.Body.FlushAsync(ct);
    }
}
