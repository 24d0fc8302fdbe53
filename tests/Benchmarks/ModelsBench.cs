using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// What this program adds to a call of a model: the same question at the same pace to a vendor on this machine that answers at once, first with nothing
/// but an HTTP client, then through the skill <c>llm</c> as the engine calls it: parameters, budget, registry, credential, egress guard, breaker, limits, parsing, price,
/// the output as a value, and for a stream the mask through which whoever watches a run sees it. The vendor shares the process, and so the two cores, in both cases.
/// </summary>
static class ModelsBench
{
    const int Rounds = 3;
    const string Key = "benchmark-key";
    const string Model = "together/openai/gpt-oss-120b";

    static readonly Datum With = Datum.From(JsonElement.Parse($$"""{ "model": "{{Model}}", "system": "Be brief.", "prompt": "Say hello." }"""));

    static readonly byte[] Question = Encoding.UTF8.GetBytes("""{"model":"openai/gpt-oss-120b","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Say hello."}]}""");

    static readonly string Plain = $$$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Enumerable.Repeat("hello and so on ", 64))}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":256,"total_tokens":268}}""";

    static readonly string Streamed = string.Concat(Enumerable.Repeat("""data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"hello and so on "},"finish_reason":null}]}""" + "\n\n", 64))
        + """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":256}}""" + "\n\ndata: [DONE]\n\n";

    public static Task<int> Run(int perSecond, TimeSpan time) => Measurement.Print(new Table("figure", "measured", "bar"), (data, table) => Measure(data, perSecond, time, table));

    static async Task Measure(string data, int perSecond, TimeSpan time, Table table)
    {
        await using var vendor = await Vendor();
        await using var platform = await Api.Platform.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["AGENTPLATFORM_DATA"] = data, ["Egress:Allow"] = "127.0.0.0/8" });
        });
        await platform.App.StartAsync();
        try
        {
            await Measure(platform, vendor, perSecond, time, table);
        }
        finally
        {
            // Not only disposed of: the scheduler's threads would keep the program alive.
            await platform.App.StopAsync();
        }
    }

    static async Task Measure(Api.Platform platform, WebApplication vendor, int perSecond, TimeSpan time, Table table)
    {
        var tenant = await Customer.PrepareKey(new Uri(platform.App.Urls.First()), "together", vendor.Urls.First(), Key);
        var skill = platform.App.Services.GetServices<ISkillRunner>().OfType<LlmSkill>().Single();
        var node = MadeGraph.Of([new MadeNode("ask", new ResolvedSkill(Guid.Empty, Guid.Empty, "llm", "1.0.0", SkillType.Llm, false, null, default, null), ValueTemplate.Literal(With), OnErrorKind.Fail)]).Nodes[0];
        using var bare = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256, AutomaticDecompression = DecompressionMethods.All });

        Task Bare(string path) => Send(bare, $"{vendor.Urls.First()}{path}");
        Task Ask(bool isWatched) => Through(skill, new SkillCall(tenant, Guid.CreateVersion7(), node, With, Datum.Null), isWatched);

        foreach (var (name, plain, ours) in new (string, Func<Task>, Func<Task>)[]
        {
            ("answer", () => Bare("/chat/completions"), () => Ask(false)),
            ("stream of 65 events", () => Bare("/stream"), () => Ask(true)),
        })
        {
            await Paced(plain, perSecond, TimeSpan.FromSeconds(2));
            await Paced(ours, perSecond, TimeSpan.FromSeconds(4));
            var (without, with) = (new List<double>(), new List<double>());
            var (bytesWithout, bytesWith) = (0L, 0L);
            for (var round = 0; round < Rounds; round++)
            {
                var before = GC.GetTotalAllocatedBytes();
                without.AddRange(await Paced(plain, perSecond, time));
                var between = GC.GetTotalAllocatedBytes();
                with.AddRange(await Paced(ours, perSecond, time));
                bytesWithout += between - before;
                bytesWith += GC.GetTotalAllocatedBytes() - between;
            }

            without.Sort();
            with.Sort();
            table.Add($"{name}, {perSecond}/s: bare HTTP, P50 / P95", $"{At(without, 0.5):0.00} / {At(without, 0.95):0.00} ms", "");
            table.Add($"{name}, {perSecond}/s: through the platform, P50 / P95", $"{At(with, 0.5):0.00} / {At(with, 0.95):0.00} ms", "");
            table.Add($"{name}: allocated more for a call", $"{(((double)bytesWith / with.Count) - ((double)bytesWithout / without.Count)) / 1024:0.0} KiB", "");
            table.Add($"{name}: added, P50 / P95", $"{At(with, 0.5) - At(without, 0.5):0.00} / {At(with, 0.95) - At(without, 0.95):0.00} ms", "≤ 2 / ≤ 8 ms");
        }
    }

    static async Task Send(HttpClient http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Question) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.ReadAsByteArrayAsync();
    }

    static async Task Through(LlmSkill skill, SkillCall call, bool isWatched)
    {
        var mask = new SecretMask();
        SecretsInUse.Collect(mask);
        var seen = mask.Stream();
        var outcome = await skill.Run(isWatched ? call with { OnText = text => seen.Next(text) } : call, CancellationToken.None);
        if (outcome.Error is { } error || outcome.Usage![0].TokensCompletion != 256)
        {
            throw new InvalidOperationException($"The model answered {outcome.Error?.Message ?? "something else"}.");
        }
    }

    /// <summary>Each call begins when it is its turn, however long those before it take.</summary>
    static async Task<double[]> Paced(Func<Task> call, int perSecond, TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        var calls = new List<Task<double>>();
        while (Stopwatch.GetElapsedTime(begun) is var now && now < time)
        {
            while (calls.Count < now.TotalSeconds * perSecond)
            {
                calls.Add(Time(call));
            }

            await Task.Delay(1);
        }

        return await Task.WhenAll(calls);
    }

    static async Task<double> Time(Func<Task> call)
    {
        var begun = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    static double At(List<double> ordered, double share) => ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * share))];

    static async Task<WebApplication> Vendor()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var (plain, stream) = (Encoding.UTF8.GetBytes(Plain), Encoding.UTF8.GetBytes(Streamed));
        app.MapPost("/chat/completions", async (HttpContext http) =>
        {
            using var asked = new MemoryStream();
            await http.Request.Body.CopyToAsync(asked);
            var isStream = asked.GetBuffer().AsSpan(0, (int)asked.Length).IndexOf("\"stream\":true"u8) >= 0;
            await Say(http, isStream ? stream : plain, isStream);
        });
        app.MapPost("/stream", async (HttpContext http) =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await Say(http, stream, isStream: true);
        });
        await app.StartAsync();
        return app;
    }

    static async Task Say(HttpContext http, byte[] body, bool isStream)
    {
        http.Response.ContentType = isStream ? "text/event-stream" : "application/json";
        await http.Response.Body.WriteAsync(body);
    }
}
