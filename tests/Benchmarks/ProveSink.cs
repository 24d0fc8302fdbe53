using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks;

/// <summary>The outside world of the proof: it remembers every call, answers the first step with a new token each time, and takes a moment.</summary>
sealed class ProveSink : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Effect> effects = new();
    long order;

    ProveSink(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public IReadOnlyList<Effect> Effects => [.. effects];

    public static async Task<ProveSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var sink = new ProveSink(builder.Build());
        sink.app.MapPost($"/{History.First}", http => sink.Take(http, History.First));
        sink.app.MapPost($"/{History.Second}", http => sink.Take(http, History.Second));
        await sink.app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Take(HttpContext http, string node)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var number = Interlocked.Increment(ref order);
        var token = node == History.First ? number.ToString(CultureInfo.InvariantCulture) : body.RootElement.GetProperty("token").GetString()!;

        // Recorded before the answer: a caller that dies meanwhile has had its effect all the same.
        effects.Enqueue(new Effect(number, http.Request.Headers["Idempotency-Key"].ToString(), node, body.RootElement.GetProperty("delivery").GetString()!, token));
        await Task.Delay(Random.Shared.Next(40), http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new { token }, http.RequestAborted);
    }
}
