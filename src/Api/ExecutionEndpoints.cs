using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

public static class ExecutionEndpoints
{
    public static IEndpointRouteBuilder MapExecution(this IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/v1").WithTags("Runs");
        runs.MapPost("/agents/{agent}/runs", Start).WithName("StartRun").WithSummary("Starts a run; with ?wait=true answers the finished run when it ends within 30 seconds.")
            .Produces<AcceptedRun>(202).Produces<RunView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429);
        runs.MapGet("/runs", List).WithName("ListRuns").WithSummary("The tenant's runs, the newest first.").Produces<Page<RunSummary>>().ProducesProblem(422);
        runs.MapGet("/runs/latest", async ([FromQuery(Name = "agent_id")] Guid[] agentIds, int? last, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListLatestRuns(agentIds, last ?? 20), ct)).ToOk())
            .WithName("ListLatestRuns").WithSummary("The last runs of several agents at once, the newest first.").Produces<LatestRuns>().ProducesProblem(422);
        runs.MapGet("/runs/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetRun(id), ct)).ToOk())
            .WithName("GetRun").WithSummary("One run.").Produces<RunView>().ProducesProblem(404);
        runs.MapGet("/queue", async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetQueue(), ct)).ToOk())
            .WithName("GetQueue").WithSummary("How many of the tenant's runs wait and go on, and what its plan allows.").Produces<QueueView>();
        runs.MapGet("/runs/{id:guid}/tree", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetRunTree(id), ct)).ToOk())
            .WithName("GetRunTree").WithSummary("A run with the runs that it started, and those that they started; at most 1 000.").Produces<RunTree>().ProducesProblem(404);
        runs.MapGet("/runs/{id:guid}/steps", async (Guid id, string? step, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListRunSteps(id, new PageRequest(limit, cursor), step), ct)).ToOk())
            .WithName("ListRunSteps").WithSummary("A run's steps in the order they began, or those of one place in it; every attempt is one.").Produces<Page<StepView>>().ProducesProblem(404).ProducesProblem(422);
        runs.MapGet("/runs/{id:guid}/outline", async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetRunOutline(id, limit, cursor), ct)).ToOk())
            .WithName("GetRunOutline").WithSummary("All of a run's steps in short, as columns: states, times and costs of thousands in one answer.").Produces<RunOutline>().ProducesProblem(404).ProducesProblem(422);
        runs.MapGet("/runs/{id:guid}/events", Events).WithName("WatchRun").WithSummary("The run's events as they happen, as server-sent events; honours Last-Event-ID.")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        runs.MapDraftRuns();
        return app;
    }

    static async Task<IResult> Start(string agent, bool? wait, Body<RunRequest> body, IMediator mediator, CancellationToken ct)
    {
        var (input, version, key, priority, deadline) = body.Value;
        var started = await mediator.Send(new StartRun(agent, input, version, key, priority, deadline), ct);
        return await Answer(started, wait is true, mediator, ct);
    }

    /// <summary>202 with the run's address, or the finished run for a caller who waits.</summary>
    internal static async Task<IResult> Answer(Result<StartedRun> started, bool wait, IMediator mediator, CancellationToken ct)
    {
        if (started is { IsOk: true, Value.IsSkipped: true })
        {
            return TypedResults.Accepted((string?)null, new SkippedRun(null));
        }

        if (started.IsOk && wait && await RunWaiter.Wait(started.Value, mediator, ct) is { } finished)
        {
            return TypedResults.Ok(finished);
        }

        return started.Map(run => new AcceptedRun(run.Id, "queued")).ToAccepted(run => $"/v1/runs/{run.Id}");
    }

    static async Task<IResult> List(
        string? agent, string? status, Guid? trigger, DateTimeOffset? since, DateTimeOffset? until, [FromQuery(Name = "error_code")] string? errorCode, bool? test, int? limit, string? cursor,
        IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ListRuns(new PageRequest(limit, cursor), agent, status, trigger, since, until, errorCode, test), ct)).ToOk();

    static async Task<IResult> Events(Guid id, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var watched = await mediator.Send(new WatchRun(id, http.Request.Headers["Last-Event-ID"]), ct);
        return watched.IsOk ? new EventStream(watched.Value.Select(what => new ServerEvent(what.IsPassing ? null : what.Id, what.Name, what.Data))) : watched.Error.ToProblem();
    }

    public sealed record RunRequest(JsonElement? Input = null, string? Version = null, string? IdempotencyKey = null, int? Priority = null, DateTimeOffset? Deadline = null);

    /// <summary>No run was made: as many as may go on did.</summary>
    public sealed record SkippedRun(Guid? RunId, bool Skipped = true);

    public sealed record AcceptedRun(Guid Id, string Status);
}
