using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Runs a run again as a new one: the whole, or from a node on, with the results of all nodes that do not follow it taken over by reference.
/// The earlier run stays as it is.
/// </summary>
/// <param name="FromNode">A node of the version's graph: it and all that follow it run anew. Null runs everything anew.</param>
/// <param name="Version">Semantic version, id or <c>latest</c>; the earlier run's own when not given.</param>
/// <param name="Input">The earlier run's when not given.</param>
[Requires("runs:write")]
public sealed record ReplayRun(Guid Id, string? FromNode = null, string? Version = null, JsonElement? Input = null) : ICommand<ReplayedRun>;

/// <summary>What a replay would take over, and what that saves. Nothing is stored.</summary>
[Requires("runs:write")]
public sealed record PreviewReplay(Guid Id, string? FromNode = null, string? Version = null, JsonElement? Input = null) : IQuery<ReplayPreview>;

/// <summary>Goes on with a failed or canceled run after its last good steps, as a new run.</summary>
[Requires("runs:write")]
public sealed record RedriveRun(Guid Id) : ICommand<ReplayedRun>;

/// <param name="Status">queued, or paused where the agent is.</param>
public sealed record ReplayedRun(Guid Id, string Status, Guid ReplayOfRunId, int StepsReused);

/// <param name="Rerun">The nodes that run anew.</param>
/// <param name="StepsSaved">Stored steps that are not done again.</param>
/// <param name="DurationSavedMs">What they took, one after the other.</param>
/// <param name="CostSavedMicros">What they cost, in millionths of the tenant's currency.</param>
public sealed record ReplayPreview(
    Guid AgentVersionId, IReadOnlyList<ReusedNode> Reused, IReadOnlyList<string> Rerun, int StepsSaved, long DurationSavedMs, long CostSavedMicros);

/// <param name="Path">Where in nested bodies; null in the run's own graph.</param>
/// <param name="RunId">The run whose step it is: the earlier run, or one that it had itself reused.</param>
public sealed record ReusedNode(string NodeId, string? Path, Guid RunId, string Status, bool Overridden, long DurationMs, long CostMicros);

file sealed class Replay(IReplays replays, IAudit audit) : IRequestHandler<ReplayRun, Result<ReplayedRun>>
{
    public async Task<Result<ReplayedRun>> Handle(ReplayRun request, CancellationToken cancellationToken)
    {
        var terms = new ReplayTerms(request.Id, request.FromNode, request.Version, request.Input, IsRedrive: false);
        var replayed = await replays.Start(terms, cancellationToken);
        if (replayed.IsOk)
        {
            audit.Record("run.replayed", "run", request.Id.ToString(), after: new { Run = replayed.Value.Id, request.FromNode, request.Version, NewInput = request.Input is not null });
        }

        return replayed;
    }
}

file sealed class Redrive(IReplays replays, IAudit audit) : IRequestHandler<RedriveRun, Result<ReplayedRun>>
{
    public async Task<Result<ReplayedRun>> Handle(RedriveRun request, CancellationToken cancellationToken)
    {
        var redriven = await replays.Start(new ReplayTerms(request.Id, null, null, null, IsRedrive: true), cancellationToken);
        if (redriven.IsOk)
        {
            audit.Record("run.redriven", "run", request.Id.ToString(), after: new { Run = redriven.Value.Id, redriven.Value.StepsReused });
        }

        return redriven;
    }
}
