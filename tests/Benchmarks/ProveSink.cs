using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// The outside world of the proof: it remembers every call, answers the first step with a new token each time, and takes a moment. It is a vendor of a
/// model as well, which charges each call differently.
/// </summary>
sealed class ProveSink : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<Effect> effects = new();
    readonly ConcurrentQueue<VendorCall> calls = new();
    long order;

    ProveSink(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public IReadOnlyList<Effect> Effects => [.. effects];

    public IReadOnlyList<VendorCall> Calls => [.. calls];

    /// <summary>Whoever calls this is dead before there is an answer.</summary>
    public const string Trap = "trap";

    readonly System.Threading.Channels.Channel<bool> caught = System.Threading.Channels.Channel.CreateUnbounded<bool>();
    readonly TaskCompletionSource harmless = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next call of the trap.</summary>
    public async Task Caught(CancellationToken ct) => await caught.Reader.ReadAsync(ct);

    /// <summary>From now on it answers like anything else.</summary>
    public void TakeTrapAway() => harmless.TrySetResult();

    public static async Task<ProveSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var sink = new ProveSink(builder.Build());
        sink.app.MapPost($"/{History.First}", http => sink.Take(http, History.First));
        sink.app.MapPost($"/{History.Second}", http => sink.Take(http, History.Second));
        sink.app.MapPost($"/{Trap}", sink.Spring);
        sink.app.MapPost("/vendor/chat/completions", sink.Answer);
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

    async Task Spring(HttpContext http)
    {
        if (!harmless.Task.IsCompleted)
        {
            caught.Writer.TryWrite(true);
            await harmless.Task.WaitAsync(http.RequestAborted);
        }

        await http.Response.WriteAsJsonAsync(new { }, http.RequestAborted);
    }

    /// <summary>A model: its answer is the number of tokens that it charges for the question.</summary>
    async Task Answer(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var question = body.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
        var delivery = question.ValueKind is JsonValueKind.String ? question.GetString()! : question[0].GetProperty("text").GetString()!;
        var call = new VendorCall(delivery, Interlocked.Increment(ref order), Random.Shared.Next(1, 50));
        calls.Enqueue(call);
        await Task.Delay(Random.Shared.Next(40), http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new
        {
            id = $"call-{call.Tokens}",
            @object = "chat.completion",
            created = 1_700_000_000,
            model = "prove",
            choices = new[] { new { index = 0, message = new { role = "assistant", content = call.Tokens.ToString(CultureInfo.InvariantCulture) }, finish_reason = "stop" } },
            usage = new { prompt_tokens = call.Tokens, completion_tokens = call.Answered, total_tokens = call.Tokens + call.Answered },
        }, http.RequestAborted);
    }
}
