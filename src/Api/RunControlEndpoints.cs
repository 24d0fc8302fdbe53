using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>What can be done to runs that are there: one, many, or all of an agent.</summary>
public static class RunControlEndpoints
{
    public static IEndpointRouteBuilder MapRunControl(this IEndpointRouteBuilder app)
    {
        var runs = app.MapGroup("/v1").WithTags("Runs");
        MapOne(runs);
        MapAgain(runs);
        MapBulk(runs);
        runs.MapPost("/agents/{agent}/pause", (string agent, OptionalBody<Reasoned> body, IMediator mediator, CancellationToken ct) => SetPaused(agent, true, body, mediator, ct))
            .WithName("PauseAgent").WithSummary("Lets all runs of an agent stand still; new ones are accepted and wait.").Produces<AgentPauseView>(202).ProducesProblem(404);
        runs.MapPost("/agents/{agent}/resume", (string agent, OptionalBody<Reasoned> body, IMediator mediator, CancellationToken ct) => SetPaused(agent, false, body, mediator, ct))
            .WithName("ResumeAgent").WithSummary("Lets the runs of a paused agent go on.").Produces<AgentPauseView>(202).ProducesProblem(404);
        return app;
    }

    static void MapOne(RouteGroupBuilder runs)
    {
        runs.MapPost("/runs/{id:guid}/cancel", async (Guid id, OptionalBody<Reasoned> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CancelRun(id, body.Value.Reason), ct)).ToAccepted(run => $"/v1/runs/{run.Id}"))
            .WithName("CancelRun").WithSummary("Cancels a run and every run below it, wherever they run.").Produces<RunView>(202).ProducesProblem(404).ProducesProblem(409);
        runs.MapPost("/runs/{id:guid}/pause", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new PauseRun(id), ct)).ToAccepted(run => $"/v1/runs/{run.Id}"))
            .WithName("PauseRun").WithSummary("Lets a run stand still at its next step boundary.").Produces<RunView>(202).ProducesProblem(404).ProducesProblem(409);
        runs.MapPost("/runs/{id:guid}/resume", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ResumeRun(id), ct)).ToAccepted(run => $"/v1/runs/{run.Id}"))
            .WithName("ResumeRun").WithSummary("Lets a paused run go on.").Produces<RunView>(202).ProducesProblem(404).ProducesProblem(409);
        runs.MapPatch("/runs/{id:guid}", async (Guid id, Body<RunChange> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new SetRunPriority(id, body.Value.Priority), ct)).ToOk())
            .WithName("UpdateRun").WithSummary("Changes the priority of a run that no node executes.").Produces<RunView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        runs.MapPost("/runs/{id:guid}/signals/{name}", async (Guid id, string name, OptionalBody<Signal> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new SendSignal(id, name, body.Value.Payload), ct)).ToAccepted(signal => $"/v1/runs/{signal.RunId}"))
            .WithName("SendSignal").WithSummary("Sends a run a named signal; it may come before the run waits for it.")
            .Produces<SignalView>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        runs.MapPut("/runs/{id:guid}/steps/{node_id}/output", async (Guid id, [FromRoute(Name = "node_id")] string node, Body<StepOutput> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new OverrideStepOutput(id, node, body.Value.Output, body.Value.Path), ct)).ToOk())
            .WithName("OverrideStepOutput").WithSummary("Puts an output in the place of what a step gave; completes a step that waits.")
            .Produces<OverriddenStepView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    static void MapAgain(RouteGroupBuilder runs)
    {
        runs.MapPost("/runs/{id:guid}/replay", Replay)
            .WithName("ReplayRun").WithSummary("Runs a run again, whole or from a node on; with dry_run says what would be taken over and what that saves.")
            .Produces<ReplayedRun>(202).Produces<ReplayPreview>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429);
        runs.MapPost("/runs/{id:guid}/redrive", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new RedriveRun(id), ct)).ToAccepted(run => $"/v1/runs/{run.Id}"))
            .WithName("RedriveRun").WithSummary("Goes on with a failed run after its last good steps, as a new run.")
            .Produces<ReplayedRun>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429);
    }

    static void MapBulk(RouteGroupBuilder runs)
    {
        runs.MapPost("/runs/bulk/cancel", (Body<BulkRequest> body, IMediator mediator, CancellationToken ct) => StartBulk("cancel", body.Value, mediator, ct))
            .WithName("BulkCancelRuns").WithSummary("Cancels every run that the filter finds, in the background.").Produces<BulkView>(202).ProducesProblem(404).ProducesProblem(422);
        runs.MapPost("/runs/bulk/replay", (Body<BulkRequest> body, IMediator mediator, CancellationToken ct) => StartBulk("replay", body.Value, mediator, ct))
            .WithName("BulkReplayRuns").WithSummary("Runs every run that the filter finds again, in the background.").Produces<BulkView>(202).ProducesProblem(404).ProducesProblem(422);
        runs.MapGet("/runs/bulk/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetBulk(id), ct)).ToOk())
            .WithName("GetBulkOperation").WithSummary("How far a bulk operation has come.").Produces<BulkView>().ProducesProblem(404);
        runs.MapPost("/runs/bulk/{id:guid}/cancel", async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CancelBulk(id), ct)).ToAccepted(bulk => $"/v1/runs/bulk/{bulk.Id}"))
            .WithName("CancelBulkOperation").WithSummary("Stops a bulk operation; what it did stays done.").Produces<BulkView>(202).ProducesProblem(404).ProducesProblem(409);
    }

    static async Task<IResult> Replay(Guid id, OptionalBody<ReplayRequest> body, IMediator mediator, CancellationToken ct)
    {
        var asked = body.Value;
        return asked.DryRun
            ? (await mediator.Send(new PreviewReplay(id, asked.FromNode, asked.Version, asked.Input), ct)).ToOk()
            : (await mediator.Send(new ReplayRun(id, asked.FromNode, asked.Version, asked.Input), ct)).ToAccepted(run => $"/v1/runs/{run.Id}");
    }

    static async Task<IResult> SetPaused(string agent, bool isPaused, OptionalBody<Reasoned> body, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new SetAgentPaused(agent, isPaused, body.Value.Reason), ct)).ToAccepted(pause => $"/v1/agents/{pause.AgentId}");

    static async Task<IResult> StartBulk(string action, BulkRequest request, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new StartBulk(action, request.Filter, request.Reason), ct)).ToAccepted(bulk => $"/v1/runs/bulk/{bulk.Id}");

    public sealed record Reasoned
    {
        public string? Reason { get; init; }
    }

    public sealed record RunChange(int Priority);

    public sealed record Signal
    {
        /// <summary>What the wait gives as its output; at most 256 KiB.</summary>
        public JsonElement? Payload { get; init; }
    }

    /// <param name="Path">Where in nested bodies, as the list of steps says.</param>
    public sealed record StepOutput(JsonElement Output, string? Path = null);

    public sealed record ReplayRequest
    {
        /// <summary>This node and all that follow it run anew; the results of the others are taken over. Null runs everything anew.</summary>
        public string? FromNode { get; init; }

        /// <summary>The earlier run's own when not given.</summary>
        public string? Version { get; init; }

        /// <summary>The earlier run's when not given.</summary>
        public JsonElement? Input { get; init; }

        /// <summary>Only says what would be taken over, and what that saves.</summary>
        public bool DryRun { get; init; }
    }

    public sealed record BulkRequest(BulkFilter Filter, string? Reason = null);
}
