using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>What the steps of a run came to: its own, and those that it took over itself.</summary>
sealed class FormerSteps(Db db, CallContext call)
{
    /// <summary>Of several attempts at a node the last one counts.</summary>
    const string OwnSql = """
        select distinct on (coalesce(path, ''), node_id)
          id as step_id, run_id, coalesce(path, '') as path, node_id, status, overridden_output is not null as overridden,
          coalesce(extract(epoch from finished_at - started_at) * 1000, 0)::bigint as duration_ms, execution.usage_cost(usage) as cost_micros
        from execution.run_steps
        where tenant_id = @tenant and run_id = @run and id between @first and @last
        order by coalesce(path, ''), node_id, id desc
        """;

    const string ReusedSql = """
        select s.id as step_id, s.run_id, r.path, r.node_id, s.status, coalesce(r.overridden_output, s.overridden_output) is not null as overridden,
          coalesce(extract(epoch from s.finished_at - s.started_at) * 1000, 0)::bigint as duration_ms, execution.usage_cost(s.usage) as cost_micros
        from execution.run_reused_steps r join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
        where r.tenant_id = @tenant and r.run_id = @run
        """;

    public async Task<IReadOnlyList<FormerStep>> Of(SourceRun run, CancellationToken ct)
    {
        var (first, last) = StepId.Range(run.Id);
        var own = await db.Query<FormerStep>(OwnSql, new { tenant = call.Tenant, run = run.Id, first, last }, ct);
        if (!run.Reuses)
        {
            return own;
        }

        var known = own.Select(step => (step.Path, step.NodeId)).ToHashSet();
        var reused = await db.Query<FormerStep>(ReusedSql, new { tenant = call.Tenant, run = run.Id }, ct);
        return [.. own, .. reused.Where(step => !known.Contains((step.Path, step.NodeId)))];
    }
}

/// <param name="RunId">Whose step it is.</param>
/// <param name="Path">Empty in the run's own graph.</param>
/// <param name="Overridden">Its output was put there by a person, and counts as that of a success.</param>
sealed record FormerStep(Guid StepId, Guid RunId, string Path, string NodeId, string Status, bool Overridden, long DurationMs, long CostMicros)
{
    public FormerResult Result => this switch
    {
        { Overridden: true } or { Status: "succeeded" } => FormerResult.Succeeded,
        { Status: "failed" } => FormerResult.Failed,
        { Status: "skipped" } => FormerResult.Skipped,
        _ => FormerResult.None,
    };
}
