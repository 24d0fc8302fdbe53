using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Execution;

/// <summary>A peer on the loopback that answers well, badly, slowly and with too much.</summary>
sealed class HttpRequestServer : IAsyncDisposable
{
    readonly WebApplication _app;

    HttpRequestServer(WebApplication app) => _app = app;

    public string Origin => _app.Urls.First();

    /// <summary>What came in, in order: "METHOD path body" and the headers.</summary>
    public ConcurrentQueue<(string Line, Dictionary<string, string> Headers)> Seen { get; } = new();

    public static async Task<HttpRequestServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrel(kestrel => kestrel.AddServerHeader = false);
        var server = new HttpRequestServer(builder.Build());
        server._app.Use(server.Record);
        Map(server._app);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    async Task Record(HttpContext context, RequestDelegate next)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Seen.Enqueue((
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}".TrimEnd(),
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString())));
        await next(context);
    }

    static void Map(WebApplication app)
    {
        // {type} and {body} as the test wants them.
        app.Map("/answer", (HttpContext c, string? type, string? body, int? status) => Answer(c, status ?? 200, type, Convert.FromBase64String(body ?? "")));
        app.Map("/redirect/{status:int}", (HttpContext c, int status, string to) => Redirect(c, status, to));
        app.Map("/again/{left:int}", (HttpContext c, int left) => left == 0 ? Answer(c, 200, "text/plain", "end"u8.ToArray()) : Redirect(c, 302, $"/again/{left - 1}"));
        app.Map("/retry", (HttpContext c, int status, string after) =>
        {
            c.Response.Headers.RetryAfter = after;
            return Answer(c, status, "text/plain", "later"u8.ToArray());
        });
        app.Map("/bomb/{encoding}", (HttpContext c, string encoding) => Bomb(c, encoding));
        app.Map("/damaged", (HttpContext c) =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            return Answer(c, 200, "text/plain", "this is not gzip"u8.ToArray());
        });
        app.Map("/drip", async (HttpContext c) =>
        {
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.WriteAsync(".", c.RequestAborted);
                await c.Response.Body.FlushAsync(c.RequestAborted);
                await Task.Delay(20, c.RequestAborted);
            }
        });
        app.Map("/silence", (HttpContext c) => Task.Delay(Timeout.Infinite, c.RequestAborted));
        app.Map("/cut", async (HttpContext c) =>
        {
            c.Response.ContentLength = 100;
            await c.Response.WriteAsync("only this");
            await c.Response.Body.FlushAsync();
            c.Abort();
        });
        app.Map("/headers/{kilobytes:int}", (HttpContext c, int kilobytes) =>
        {
            for (var i = 0; i < kilobytes; i++)
                c.Response.Headers.Append("X-Big-" + i, new string('h', 1_000));
            return Answer(c, 200, "text/plain", "many"u8.ToArray());
        });
    }

    static async Task Answer(HttpContext context, int status, string? type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (body.Length > 0)
            await context.Response.Body.WriteAsync(body);
    }

    static Task Redirect(HttpContext context, int status, string to)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    }

    /// <summary>A gigabyte of zeros, or as much of it as anyone takes.</summary>
    static async Task Bomb(HttpContext context, string encoding)
    {
        context.Response.Headers.ContentEncoding = encoding;
        var zeros = new byte[1024 * 1024];
        await using Stream packed = encoding switch
        {
            "gzip" => new GZipStream(context.Response.Body, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(context.Response.Body, CompressionLevel.Fastest),
            _ => new BrotliStream(context.Response.Body, CompressionLevel.Fastest),
        };
        for (var i = 0; i < 1024 && !context.RequestAborted.IsCancellationRequested; i++)
            await packed.WriteAsync(zeros, context.RequestAborted);
    }
}
