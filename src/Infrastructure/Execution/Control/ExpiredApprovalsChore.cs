using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Expires what nobody decided in time, by the database's clock, and rings the runs that wait for it.</summary>
sealed class ExpiredApprovalsChore(DataSources sources) : IChore
{
    const int Batch = 500;

    /// <summary>Queue rows first, as everybody locks; a run that is being decided about or ended right now is looked at again next time.</summary>
    const string ExpireSql = """
        with due as materialized (
          select tenant_id, id, run_id from execution.approvals where status = 'pending' and expires_at <= now() order by expires_at limit @batch
        ), held as materialized (
          select q.tenant_id, q.run_id from execution.run_queue q
          where (q.tenant_id, q.run_id) in (select tenant_id, run_id from due)
          for no key update skip locked
        ), expired as (
          update execution.approvals a set status = 'expired', decided_at = now(), updated_at = now()
          from due d join held h on h.tenant_id = d.tenant_id and h.run_id = d.run_id
          where a.tenant_id = d.tenant_id and a.id = d.id and a.status = 'pending'
          returning a.tenant_id, a.run_id
        )
        select execution.ring(tenant_id, run_id) from expired group by tenant_id, run_id
        """;

    public async Task<bool> DoSome(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(ExpireSql);
        command.Parameters.AddWithValue("batch", Batch);
        var rung = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rung++;
        }

        return rung == Batch;
    }
}
