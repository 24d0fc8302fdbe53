using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using MediatR;

namespace AgentPlatform.Api;

public static class RunStreamsEndpoints
{
    public static IEndpointRouteBuilder MapRunStreams(this IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/v1").WithTags("Runs");
        runs.MapGet("/runs/events", (HttpContext http, IMediator mediator, CancellationToken ct) => Watch(null, http, mediator, ct))
            .WithName("WatchRuns").WithSummary("What the tenant's runs do, as server-sent events from now on; honours Last-Event-ID of the last 24 hours.")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(429);
        runs.MapGet("/agents/{agent}/runs/events", (string agent, HttpContext http, IMediator mediator, CancellationToken ct) => Watch(agent, http, mediator, ct))
            .WithName("WatchAgentRuns").WithSummary("What an agent's runs do, as server-sent events from now on; honours Last-Event-ID of the last 24 hours.")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404).ProducesProblem(429);
        return app;
    }

    static async Task<IResult> Watch(string? agent, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var watched = await mediator.Send(new WatchRuns(agent, http.Request.Headers["Last-Event-ID"]), ct);
        return watched.IsOk ? new EventStream(watched.Value) : watched.Error.ToProblem();
    }
}
