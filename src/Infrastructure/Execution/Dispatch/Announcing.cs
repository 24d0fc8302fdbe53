using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>
/// Picks the runs that are to be announced next, in the order in which claims would take them, and notes that they are: before they are sent, so
/// that no lock is held while the broker is asked. What is then lost on the way is announced again.
/// </summary>
sealed class Announcing(DataSources sources, QueueOptions options)
{
    /// <summary>A run that became claimable again since it was announced is meant anew.</summary>
    const string Unannounced = "and (q.announced_at is null or q.announced_at < q.available_at or q.announced_at < now() - @again)";

    const string Sql = $"""
        {FairOrder.Ring} {Unannounced} {FairOrder.Shares} {Unannounced} {FairOrder.Turns}, said as (
          update execution.run_queue q set announced_at = now() from waiting w where q.ctid = w.place
          returning q.tenant_id, q.run_id, q.priority, q.available_at
        )
        select s.tenant_id, s.run_id, {FairOrder.Next} from (select 1) always left join said s on true
        order by row_number() over (partition by s.tenant_id order by s.priority desc, s.available_at, s.run_id), s.tenant_id
        """;

    Guid after;

    public async Task<List<ReadyRun>> Next(int count, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("again", options.Again);
        command.Parameters.AddWithValue("crowding", Array.Empty<Guid>());
        var runs = new List<ReadyRun>(count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // Goes on also where all of these tenants' runs are announced already: others may wait behind them.
            after = reader.GetValue(2) as Guid? ?? after;
            if (reader.GetValue(0) is Guid tenantId)
            {
                runs.Add(new ReadyRun(tenantId, reader.GetGuid(1)));
            }
        }

        return runs;
    }
}
