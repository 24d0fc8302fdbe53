using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Trying a draft, and what its nodes came to before.</summary>
static class DraftRunEndpoints
{
    public static void MapDraftRuns(this RouteGroupBuilder runs)
    {
        runs.MapPost("/agents/{agent}/draft/run", async (string agent, OptionalBody<DraftRunBody> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new RunDraft(agent, body.Value.Input, body.Value.FromNode, body.Value.OnlyNode, body.Value.Data), ct)).ToAccepted(run => $"/v1/runs/{run.Id}"))
            .WithName("RunAgentDraft").WithSummary("Runs an agent's draft as a test: the whole, from a node on, or one node with what was before it.")
            .Produces<DraftRun>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429);
        runs.MapGet("/agents/{agent}/latest-steps", async (string agent, IMediator mediator, CancellationToken ct) => (await mediator.Send(new ListLatestSteps(agent), ct)).ToOk())
            .WithName("ListLatestSteps").WithSummary("What each node of an agent came to when it ran last, in its latest runs.").Produces<LatestSteps>().ProducesProblem(404);
    }
}

sealed record DraftRunBody
{
    /// <summary>The last run's when not given and only a part is run; else an empty object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>This node and all that follow it run; what the others came to last stands.</summary>
    public string? FromNode { get; init; }

    /// <summary>Only this node runs; what those before it came to last stands, and those that never ran run.</summary>
    public string? OnlyNode { get; init; }

    /// <summary>Outputs by node that stand in for running them, beside those that the draft has pinned, and before them.</summary>
    public JsonElement? Data { get; init; }
}
