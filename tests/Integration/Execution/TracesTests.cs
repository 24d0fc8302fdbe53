using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPlatform.Application.Shared;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Execution;

/// <summary>One trace from the caller through the API, the queue, the worker and the step to the peer.</summary>
public sealed class TracesTests
{
    [Test]
    public async Task Reach_from_the_caller_to_the_peer_across_nodes()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentBag<Activity>();
        using var listener = Listen(trace, spans);
        await using var cluster = await Cluster.Start(roles: "api");
        await using var worker = await cluster.Join("worker");
        var sent = new ConcurrentQueue<string>();
        await using var peer = await Peer.Start((number, http) => Answer(http, number, sent));
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/agents/{agent}/runs") { Content = Runs.Json("{}") };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-00f067aa0ba902b7-01");

        using var answer = await cluster.Http.SendAsync(request);
        var run = (await answer.Json(expected: 202)).GetProperty("id").GetGuid();
        await cluster.Http.Drain(run);

        var call = await Span(spans, "POST", ActivityKind.Client);
        var step = await Span(spans, "step http_request", ActivityKind.Internal);
        var whole = await Span(spans, "run", ActivityKind.Consumer);
        Assert.Multiple(() =>
        {
            Assert.That(sent, Is.EqualTo([call.Id]));
            Assert.That(call.ParentSpanId, Is.EqualTo(step.SpanId));
            Assert.That(step.ParentSpanId, Is.EqualTo(whole.SpanId));
            Assert.That(whole.GetTagItem("agentplatform.run.id"), Is.EqualTo(run));
            Assert.That(whole.GetTagItem("agentplatform.run.status"), Is.EqualTo("succeeded"));
            Assert.That(call.GetTagItem("http.response.status_code"), Is.EqualTo(200));
            Assert.That(call.Tags.Select(tag => tag.Value), Has.None.Contains("/call"));
            Assert.That(spans.Select(span => span.SpanId), Does.Contain(whole.ParentSpanId), "The run hangs under the request that started it.");
        });
        Assert.That(await Sql.Scalar<string>(cluster.Database.Engine, "select trace_parent from execution.runs"), Does.StartWith($"00-{trace}-").And.EndWith("-01"));
    }

    [Test]
    public async Task Are_not_begun_where_nobody_listens()
    {
        var tenant = await TestApp.NewTenant();
        var sent = new ConcurrentQueue<string>();
        await using var peer = await Peer.Start((number, http) => Answer(http, number, sent));

        var run = await tenant.Http.RunOnce(Runs.Calling(peer));

        Assert.That(sent, Is.EqualTo([""]));
        Assert.That(await Sql.Scalar<bool>(tenant.App.Database.Engine, $"select trace_parent is null from execution.runs where id = '{run.GetProperty("id").GetGuid()}'"), Is.True);
    }

    [Test]
    [NonParallelizable]
    public async Task Are_sent_to_the_collector_that_the_environment_names()
    {
        var paths = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(http =>
        {
            paths.Enqueue(http.Request.Path);
            return Task.CompletedTask;
        });
        await collector.StartAsync();
        await using (var app = await TestApp.Start(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            var tenant = await app.Tenant();
            await tenant.Http.RunOnce(Runs.Echo);
        }

        Assert.That(paths.Distinct(), Is.EquivalentTo(["/v1/traces", "/v1/metrics"]));
    }

    /// <summary>Of this trace only, so that tests beside this one are not traced.</summary>
    static ActivityListener Listen(ActivityTraceId trace, ConcurrentBag<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>A span is told of when it ends, which may be a little after its run has been stored.</summary>
    static async Task<Activity> Span(ConcurrentBag<Activity> spans, string name, ActivityKind kind)
    {
        var found = await Eventually.Get(() => Task.FromResult(spans.FirstOrDefault(span => span.DisplayName == name && span.Kind == kind)), span => span is not null);
        Assert.That(found, Is.Not.Null, $"No span {name} of kind {kind}.");
        return found!;
    }

    static Task Answer(HttpContext http, int number, ConcurrentQueue<string> sent)
    {
        sent.Enqueue(http.Request.Headers["traceparent"].ToString());
        return http.Response.WriteAsJsonAsync(new { number });
    }
}
