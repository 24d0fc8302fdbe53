using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Puts runs that a request has stored into the queue, in the request's transaction: any node claims them once it commits.</summary>
sealed class QueueEntries(Db db, CallContext call)
{
    /// <summary>After the runs: a trigger on the queue looks at them. They keep to their agent's rate, which delays them and refuses none.</summary>
    const string AddSql = """
        insert into execution.run_queue (tenant_id, run_id, priority, flow_keys, available_at, gate)
        select r.tenant_id, r.id, r.priority, string_to_array(g.lines, ' '), coalesce(o.opens_at, now()), case when o.opens_at > clock_timestamp() then 'time' end
        from unnest(@ids, @lines, @rates, @limits, @ms) as g (id, lines, rate, rate_limit, rate_ms)
        join execution.runs r on r.tenant_id = @tenant and r.id = g.id
        cross join lateral (select case when g.rate is not null then execution.book_rate(@tenant, g.rate, g.rate_limit, g.rate_ms) end as opens_at) o
        """;

    const string TellSql = "select pg_notify('runs_queued', '')";

    const string StatusSql = "select status from execution.runs where tenant_id = @tenant and id = @id";

    public async Task Add(IReadOnlyList<(Guid Id, RunPlan Plan)> runs, CancellationToken ct)
    {
        await db.Execute(AddSql, new
        {
            tenant = call.Tenant,
            ids = runs.Select(run => run.Id).ToArray(),
            lines = runs.Select(run => run.Plan.Queue.Lines is { Length: > 0 } lines ? string.Join(' ', lines) : null).ToArray(),
            rates = runs.Select(run => run.Plan.Queue.Rate?.Key).ToArray(),
            limits = runs.Select(run => run.Plan.Queue.Rate?.Limit ?? 0).ToArray(),
            ms = runs.Select(run => run.Plan.Queue.Rate?.Milliseconds ?? 0L).ToArray(),
        }, ct);
        await db.Query<string>(TellSql, ct: ct);
    }

    /// <summary>queued, or paused where the agent is.</summary>
    public async Task<string> StatusOf(Guid run, CancellationToken ct) => (await db.One<string>(StatusSql, new { tenant = call.Tenant, id = run }, ct))!;
}
