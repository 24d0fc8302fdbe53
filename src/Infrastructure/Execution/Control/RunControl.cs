using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

sealed class RunControl(Db db, CallContext call, RunFamilies families) : IRunControl
{
    const string StatusSql = "select status from execution.runs where tenant_id = @tenant and id = @id";

    const string AgentPausedSql = """
        select exists (
          select from execution.runs r join execution.paused_agents p on p.tenant_id = r.tenant_id and p.agent_id = r.agent_id and p.state <> 'resuming'
          where r.tenant_id = @tenant and r.id = @id)
        """;

    /// <summary>The node that executes the run ends it with this error as soon as it hears the ring.</summary>
    const string AskToCancelSql = """
        update execution.run_queue set cancel_requested = true, cancel_error = @error::jsonb where tenant_id = @tenant and run_id = any(@ids)
        """;

    const string EndSql = """
        with gone as (
          delete from execution.run_queue where tenant_id = @tenant and run_id = any(@ids) returning run_id
        )
        update execution.runs r set status = 'canceled', error = @error::jsonb, finished_at = now(),
          (usage, cost_micros) = (select u, execution.usage_cost(u) from (select case when r.attempt > 0 then execution.run_usage(r.tenant_id, r.id) end) t (u))
        from gone g
        where r.tenant_id = @tenant and r.id = g.run_id and r.status not in ('succeeded', 'failed', 'canceled')
        """;

    /// <summary>As the run's last events: whoever watches it sees them end.</summary>
    const string EndStepsSql = """
        with waiting as (
          select s.id, r.attempt, row_number() over (partition by s.run_id order by s.id) + greatest(1, (
            select max(greatest(e.started_event, e.finished_event)) from execution.run_steps e
            where e.tenant_id = @tenant and e.id between g.first and g.last and e.run_id = g.run_id and coalesce(e.finished_attempt, e.run_attempt) = r.attempt)) as event
          from unnest(@ids, @firsts, @lasts) as g (run_id, first, last)
          join execution.runs r on r.tenant_id = @tenant and r.id = g.run_id
          join execution.run_steps s on s.tenant_id = @tenant and s.id between g.first and g.last and s.run_id = g.run_id and s.status = 'waiting'
        )
        update execution.run_steps s set status = 'canceled', finished_attempt = w.attempt, finished_event = w.event, finished_at = now()
        from waiting w where s.tenant_id = @tenant and s.id = w.id
        """;

    const string AskToPauseSql = "update execution.run_queue set pause_requested = true, paused_with_agent = false where tenant_id = @tenant and run_id = any(@ids)";

    /// <summary>Without a wake time: what comes in meanwhile is found when the run goes on.</summary>
    const string ParkSql = """
        update execution.run_queue set pause_requested = true, paused_with_agent = false, parked = true, available_at = 'infinity'
        where tenant_id = @tenant and run_id = any(@ids)
        """;

    const string ShowPausedSql = """
        update execution.runs set status = 'paused' where tenant_id = @tenant and id = any(@ids) and status in ('queued', 'running', 'waiting')
        """;

    const string UnaskSql = "update execution.run_queue set pause_requested = false, paused_with_agent = false where tenant_id = @tenant and run_id = any(@ids)";

    const string UnparkSql = """
        update execution.run_queue set pause_requested = false, paused_with_agent = false, parked = false, available_at = now()
        where tenant_id = @tenant and run_id = any(@ids)
        """;

    const string ShowQueuedSql = "update execution.runs set status = 'queued' where tenant_id = @tenant and id = any(@ids) and status = 'paused'";

    const string QueuePrioritySql = "update execution.run_queue set priority = @priority where tenant_id = @tenant and run_id = any(@ids)";

    const string RunPrioritySql = "update execution.runs set priority = @priority where tenant_id = @tenant and id = any(@ids)";

    const string RingSql = "select execution.ring(@tenant, id) from unnest(@ids) id";

    const string TellSql = "select pg_notify('runs_queued', '')";

    static readonly Error AgentPaused = Error.Conflict("agent_paused", "The run's agent is paused; the run goes on with its agent.");

    public Task<Result<Controlled>> Cancel(IReadOnlyList<Guid> runs, string? reason, CancellationToken ct) => families.Locked(runs, async family =>
    {
        var (held, free) = Split(family.Where(run => !run.Held || !run.CancelRequested));
        var error = CancelError(reason);
        await On(held, AskToCancelSql, ct, error);
        await Ring(held, ct);
        await EndSteps(free, ct);
        await On(free, EndSql, ct, error);
        return new Controlled(Count(runs, family), held.Length + free.Length);
    }, ct);

    public Task<Result<Controlled>> Pause(Guid run, CancellationToken ct) => families.Locked([run], async family =>
    {
        var (held, free) = Split(family.Where(member => !member.PauseRequested || member.PausedWithAgent));
        await On(held, AskToPauseSql, ct);
        await Ring(held, ct);
        await On(free, ParkSql, ct);
        await On(free, ShowPausedSql, ct);
        return new Controlled(Count([run], family), held.Length + free.Length);
    }, ct);

    public async Task<Result<Controlled>> Resume(Guid run, CancellationToken ct)
    {
        if (await db.One<bool>(AgentPausedSql, new { tenant = call.Tenant, id = run }, ct))
        {
            return AgentPaused;
        }

        return await families.Locked([run], async family =>
        {
            // A child whose own agent is paused stays with that.
            var (held, free) = Split(family.Where(member => member.PauseRequested && !member.PausedWithAgent));
            await On(held, UnaskSql, ct);
            await Ring(held, ct);
            await On(free, UnparkSql, ct);
            await On(free, ShowQueuedSql, ct);
            if (free.Length > 0)
            {
                await db.Query<string>(TellSql, ct: ct);
            }

            return new Controlled(Count([run], family), held.Length + free.Length);
        }, ct);
    }

    public Task<Result<Controlled>> SetPriority(Guid run, short priority, CancellationToken ct) => families.Locked([run], async family =>
    {
        var free = family.Where(member => member.RunId == run && !member.Held).Select(member => member.RunId).ToArray();
        await db.Execute(QueuePrioritySql, new { tenant = call.Tenant, ids = free, priority }, ct);
        await db.Execute(RunPrioritySql, new { tenant = call.Tenant, ids = free, priority }, ct);
        return new Controlled(Count([run], family), free.Length);
    }, ct);

    public Task<string?> StatusOf(Guid run, CancellationToken ct) => db.One<string>(StatusSql, new { tenant = call.Tenant, id = run }, ct);

    static int Count(IReadOnlyList<Guid> roots, IReadOnlyList<QueuedRun> family)
    {
        var open = family.Select(run => run.RunId).ToHashSet();
        return roots.Count(open.Contains);
    }

    static (Guid[] Held, Guid[] Free) Split(IEnumerable<QueuedRun> family)
    {
        var runs = family.ToLookup(run => run.Held, run => run.RunId);
        return ([.. runs[true]], [.. runs[false]]);
    }

    /// <summary>The same members as any other error of a run, and who it was.</summary>
    string CancelError(string? reason) => JsonSerializer.Serialize(new
    {
        code = "canceled",
        message = string.IsNullOrWhiteSpace(reason) ? "The run was canceled." : reason,
        node = (string?)null,
        @class = "canceled",
        retryable = false,
        by = call.UserId,
    });

    async Task On(Guid[] ids, string sql, CancellationToken ct, string? error = null)
    {
        if (ids.Length > 0)
        {
            await db.Execute(sql, new { tenant = call.Tenant, ids, error }, ct);
        }
    }

    async Task EndSteps(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length > 0)
        {
            var ranges = Array.ConvertAll(ids, Domain.Execution.StepId.Range);
            await db.Execute(EndStepsSql, new { tenant = call.Tenant, ids, firsts = Array.ConvertAll(ranges, range => range.First), lasts = Array.ConvertAll(ranges, range => range.Last) }, ct);
        }
    }

    async Task Ring(Guid[] held, CancellationToken ct)
    {
        if (held.Length > 0)
        {
            await db.Query<string>(RingSql, new { tenant = call.Tenant, ids = held }, ct);
        }
    }
}
