using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations;

/// <summary>A vendor of models on this machine: answers in recorded shapes, or as badly as a test wants, and keeps what it was asked.</summary>
sealed class FakeVendor : IAsyncDisposable
{
    readonly WebApplication app;
    int calls;

    FakeVendor(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public int Calls => Volatile.Read(ref calls);

    public ConcurrentQueue<Question> Questions { get; } = [];

    /// <summary>Completes when a caller has hung up.</summary>
    public TaskCompletionSource HungUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="answer">Given the number of the call, from 1 on.</param>
    public static async Task<FakeVendor> Start(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var vendor = new FakeVendor(builder.Build());
        vendor.app.Map("/{**path}", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            vendor.Questions.Enqueue(new Question(
                $"{http.Request.Method} {http.Request.Path}", http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
                body.Length == 0 || !http.Request.HasJsonContentType() ? default : JsonElement.Parse(body), body, http.Request.QueryString.Value ?? ""));
            try
            {
                await answer(Interlocked.Increment(ref vendor.calls), http);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                vendor.HungUp.TrySetResult();
            }
        });
        await vendor.app.StartAsync();
        return vendor;
    }

    public static Task<FakeVendor> Saying(string json, int status = 200) => Start((_, http) => Say(http, json, status));

    public static Task<FakeVendor> Giving(byte[] bytes, string type) => Start((_, http) => Give(http, bytes, type));

    public static async Task Give(HttpContext http, byte[] bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Answers streams with these events, each of them a whole block.</summary>
    public static Task<FakeVendor> Streaming(params string[] events) => Start((_, http) => Stream(http, events));

    public static async Task Say(HttpContext http, string body, int status = 200, string type = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
    }

    public static async Task Stream(HttpContext http, params string[] events)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var what in events)
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(what + "\n\n"));
            await http.Response.Body.FlushAsync();
        }
    }

    /// <summary>Stands still until the caller gives up.</summary>
    public static Task Hang(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <param name="Body">Where it is JSON.</param>
    public sealed record Question(string Line, IReadOnlyDictionary<string, string> Headers, JsonElement Body, string Text, string Query);
}
