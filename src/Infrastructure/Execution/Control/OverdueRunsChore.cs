using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Ends runs whose deadline passed while nobody executed them: queued, waiting or paused. Whoever executes a run watches its deadline itself.</summary>
sealed class OverdueRunsChore(DataSources sources) : IChore
{
    const int Batch = 500;

    const string EndSql = """
        with overdue as materialized (
          select tenant_id, run_id from execution.run_queue
          where deadline_at <= now() and lease_owner is null
          order by deadline_at limit @batch
          for update skip locked
        ), gone as (
          delete from execution.run_queue q using overdue o where q.tenant_id = o.tenant_id and q.run_id = o.run_id
          returning q.tenant_id, q.run_id
        )
        update execution.runs r set status = 'failed', error = @error, finished_at = now(),
          (usage, cost_micros) = (select u, execution.usage_cost(u) from (select case when r.attempt > 0 then execution.run_usage(r.tenant_id, r.id) end) t (u))
        from gone g
        where r.tenant_id = g.tenant_id and r.id = g.run_id and r.status not in ('succeeded', 'failed', 'canceled')
        """;

    static readonly byte[] Overdue =
        Json.Write(new SkillError("deadline_exceeded", "The run did not end in the time it was given.", SkillErrorClass.Timeout, Retryable: false), null);

    public async Task<bool> DoSome(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(EndSql);
        command.Parameters.AddWithValue("batch", Batch);
        command.Parameters.Add(new NpgsqlParameter("error", NpgsqlDbType.Jsonb) { Value = Overdue });
        return await command.ExecuteNonQueryAsync(ct) == Batch;
    }
}
