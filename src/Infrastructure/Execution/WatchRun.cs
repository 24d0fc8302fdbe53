using System.Runtime.CompilerServices;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(RunWatcher runs) : IRequestHandler<WatchRun, Result<IAsyncEnumerable<RunEvent>>>
{
    public async Task<Result<IAsyncEnumerable<RunEvent>>> Handle(WatchRun request, CancellationToken cancellationToken) =>
        await runs.Watch(request.Id, request.LastEventId, withSaid: false, cancellationToken) is { } events ? Result<IAsyncEnumerable<RunEvent>>.Ok(events) : ExecutionErrors.RunNotFound;
}

/// <summary>
/// A run's events. While this node executes the run they come from memory; otherwise they are read from what is stored, again and again
/// until the run has ended, so that a stream survives the run's move to another node.
/// </summary>
sealed class RunWatcher(Db db, CallContext call, ActiveRuns active, TimeProvider time)
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    const string FindSql = $"""
        select agent_id, agent_version_id, status, attempt, output::text, error::text, started_at, finished_at
        from execution.runs where tenant_id = @tenant and id = @id and {RunSql.Visible}
        """;

    const string StepsSql = """
        select s.path, s.node_id, s.attempt, s.status, coalesce(s.overridden_output, s.output)::text as output, s.error::text, s.run_attempt, s.started_event,
          coalesce(s.finished_attempt, s.run_attempt) as finished_attempt, s.finished_event, s.started_at, s.finished_at, t.tool_name as tool
        from execution.run_steps s
        left join execution.tool_executions t on t.tenant_id = @tenant and t.id between @firstCall and @lastCall and t.run_id = @id and t.step_id = s.id
        where s.tenant_id = @tenant and s.run_id = @id and s.id between @first and @last
          and ((s.run_attempt, greatest(s.started_event, s.finished_event)) > (@attempt, @number) or (s.finished_attempt, s.finished_event) > (@attempt, @number))
        order by s.run_attempt, s.started_event
        """;

    /// <param name="withSaid">Begins with what the models of open steps have said so far.</param>
    /// <returns>Null when there is no such run.</returns>
    public async Task<IAsyncEnumerable<RunEvent>?> Watch(Guid id, string? lastEventId, bool withSaid, CancellationToken ct) =>
        await Read(id, ct) is null ? null : Watch(id, RunEvent.ParseId(lastEventId), withSaid, CancellationToken.None);

    async IAsyncEnumerable<RunEvent> Watch(Guid id, (int Attempt, int Number) seen, bool withSaid, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (true)
        {
            if (active.Find(id) is { } execution && execution.Plan.TenantId == call.Tenant)
            {
                if (execution.Attempt > 1 && await Read(id, ct) is { } taken)
                {
                    // What former attempts stored; the memory of this one begins with its own start.
                    foreach (var former in (await Stored(id, taken, seen, ct)).Where(what => what.Attempt < execution.Attempt))
                    {
                        seen = (former.Attempt, former.Number);
                        yield return former;
                    }
                }

                var (past, future) = execution.Watch(withSaid);
                await foreach (var live in Live(past, future, ct))
                {
                    if (live.IsPassing)
                    {
                        yield return live;
                    }
                    else if (live.IsAfter(seen))
                    {
                        seen = (live.Attempt, live.Number);
                        yield return live;
                    }
                }
            }

            var run = await Read(id, ct) ?? throw new InvalidOperationException($"Run {id} vanished while it was watched.");
            foreach (var stored in await Stored(id, run, seen, ct))
            {
                seen = (stored.Attempt, stored.Number);
                yield return stored;
            }

            if (run.FinishedAt is not null)
            {
                yield break;
            }

            if (Resting(id, run) is { } resting && resting.IsAfter(seen))
            {
                seen = (resting.Attempt, resting.Number);
                yield return resting;
            }

            await active.Arrival(id, Poll, time, ct);
        }
    }

    /// <summary>Told to those who are there while it rests; of a run that went on since, nobody hears of it afterwards.</summary>
    static RunEvent? Resting(Guid id, RunRow run) => run.Status switch
    {
        "waiting" => new RunEvent(run.Attempt, int.MaxValue - 2, "run.waiting", RunEventJson.Resting(id, run.Status)),
        "paused" => new RunEvent(run.Attempt, int.MaxValue - 1, "run.paused", RunEventJson.Resting(id, run.Status)),
        _ => null,
    };

    static async IAsyncEnumerable<RunEvent> Live(
        IReadOnlyList<RunEvent> past, System.Threading.Channels.ChannelReader<RunEvent> future, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var happened in past)
        {
            yield return happened;
        }

        await foreach (var next in future.ReadAllAsync(ct))
        {
            yield return next;
        }
    }

    Task<RunRow?> Read(Guid id, CancellationToken ct) => db.One<RunRow>(FindSql, new { tenant = call.Tenant, id, me = call.UserId, all = call.SeesAllTalks() }, ct);

    async Task<IEnumerable<RunEvent>> Stored(Guid id, RunRow run, (int Attempt, int Number) seen, CancellationToken ct)
    {
        var (first, last) = StepId.Range(id);
        var (firstCall, lastCall) = DerivedId.Range(id);
        var steps = await db.Query<StepEventRow>(StepsSql, new { tenant = call.Tenant, id, first, last, firstCall, lastCall, attempt = seen.Attempt, number = seen.Number }, ct);
        var events = new List<RunEvent>();
        if (run.StartedAt is { } startedAt)
        {
            events.Add(new RunEvent(run.Attempt, 1, "run.started", RunEventJson.Started(id, run.AgentId, run.AgentVersionId, run.Attempt, startedAt)));
        }

        foreach (var step in steps)
        {
            if (step.Attempt > 0)
            {
                events.Add(new RunEvent(step.RunAttempt, step.StartedEvent, "step.started", RunEventJson.StepStarted(id, step.Path, step.NodeId, step.Attempt, step.StartedAt, step.Tool)));
            }

            if (step.FinishedAt is { } at)
            {
                events.Add(new RunEvent(step.FinishedAttempt, step.FinishedEvent, "step.finished",
                    RunEventJson.StepFinished(id, step.Path, step.NodeId, step.Attempt, step.Status, Utf8(step.Output), Utf8(step.Error), at, step.Tool)));
            }
        }

        if (run.FinishedAt is { } finishedAt)
        {
            events.Add(new RunEvent(run.Attempt, int.MaxValue, "run.finished", RunEventJson.Finished(id, run.Status, Utf8(run.Output), Utf8(run.Error), finishedAt)));
        }

        var ordered = events.Where(what => what.IsAfter(seen)).OrderBy(what => (what.Attempt, what.Number));
        return run.FinishedAt is null ? Unbroken(ordered, run.Attempt, seen) : ordered;
    }

    /// <summary>
    /// Steps are stored when they end, so of two that overlap the later one may be there first. What comes after a gap waits until the gap
    /// is filled: a reader that was told it would take the missing event for one it has seen. What a lost attempt never stored, never comes.
    /// </summary>
    static IEnumerable<RunEvent> Unbroken(IEnumerable<RunEvent> ordered, int attempt, (int Attempt, int Number) seen)
    {
        var last = seen.Attempt == attempt ? seen.Number : 0;
        foreach (var what in ordered)
        {
            if (what.Attempt == attempt && what.Number != ++last)
            {
                yield break;
            }

            yield return what;
        }
    }

    static byte[]? Utf8(string? json) => json is null ? null : System.Text.Encoding.UTF8.GetBytes(json);

    sealed record RunRow(
        Guid AgentId, Guid AgentVersionId, string Status, int Attempt, string? Output, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

    sealed record StepEventRow(
        string? Path, string NodeId, int Attempt, string Status, string? Output, string? Error, int RunAttempt, int StartedEvent, int FinishedAttempt, int FinishedEvent,
        DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Tool);
}
