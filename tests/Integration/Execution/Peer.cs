using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Execution;

/// <summary>Somebody outside whom agents call: answers as the test says, and keeps what it was asked.</summary>
sealed class Peer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly Func<int, HttpContext, Task> answer;
    readonly SemaphoreSlim arrived = new(0);
    int calls;

    Peer(WebApplication app, Func<int, HttpContext, Task> answer)
    {
        this.app = app;
        this.answer = answer;
    }

    public string Url => $"{app.Urls.First()}/call";

    public int Calls => Volatile.Read(ref calls);

    /// <summary>The <c>Idempotency-Key</c> of every call, in order.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>Opens for all calls that <see cref="Holding"/> keeps waiting.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="answer">Given the number of the call, from 1 on.</param>
    public static async Task<Peer> Start(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peer = new Peer(builder.Build(), answer);
        peer.app.Map("/call", peer.Take);
        await peer.app.StartAsync();
        return peer;
    }

    /// <summary>A peer that answers every call at once with its number.</summary>
    public static Task<Peer> Counting() => Start((number, http) => http.Response.WriteAsJsonAsync(new { number }));

    /// <summary>A peer whose calls wait for <see cref="Gate"/>.</summary>
    public static async Task<Peer> Holding()
    {
        Peer? peer = null;
        peer = await Start(async (number, http) =>
        {
            await peer!.Gate.Task.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsJsonAsync(new { number });
        });
        return peer;
    }

    /// <summary>Waits until one call more has come in.</summary>
    public async Task Arrival() => Assert.That(await arrived.WaitAsync(TimeSpan.FromSeconds(60)), Is.True, "The peer was not called.");

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        await app.DisposeAsync();
        arrived.Dispose();
    }

    async Task Take(HttpContext http)
    {
        Keys.Enqueue(http.Request.Headers["Idempotency-Key"].ToString());
        var number = Interlocked.Increment(ref calls);
        arrived.Release();
        await answer(number, http);
    }
}
