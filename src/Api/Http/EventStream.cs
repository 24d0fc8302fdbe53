using System.Text;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Api.Http;

/// <summary>
/// Events as <c>text/event-stream</c>, flushed one by one; a comment now and then keeps proxies from closing a quiet stream.
/// A node that stops ends its streams at once: readers go on elsewhere after the last event that they saw.
/// </summary>
sealed class EventStream(IAsyncEnumerable<ServerEvent> events) : IResult
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await Write(response, end.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left of the answer is its end.
        }
    }

    async Task Write(HttpResponse response, CancellationToken ct)
    {
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

            await Send(response, Text(next.Current), ct);
        }
    }

    static string Text(ServerEvent what) =>
        what.Name is null ? $"id: {what.Id}\n\n" : $"{(what.Id is null ? "" : $"id: {what.Id}\n")}event: {what.Name}\ndata: {what.Data}\n\n";

    static async Task Send(HttpResponse response, string text, CancellationToken ct)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await response.Body.FlushAsync(ct);
    }
}
