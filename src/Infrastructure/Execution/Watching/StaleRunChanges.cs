using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>Deletes changes that nobody can resume from any more, a bounded number at a time.</summary>
sealed class StaleRunChanges(DataSources sources, TimeProvider time, ILogger<StaleRunChanges> log) : PeriodicJob(TimeSpan.FromMinutes(5), time, log)
{
    const int Batch = 10_000;

    const string Delete = """
        delete from execution.run_changes c
        using (select tenant_id, xid, id from execution.run_changes where created_at < now() - interval '25 hours' limit @batch) old
        where c.tenant_id = old.tenant_id and c.xid = old.xid and c.id = old.id
        """;

    public async Task<int> DeleteOnce(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(Delete);
        command.Parameters.AddWithValue("batch", Batch);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public override async Task DoOnce(CancellationToken ct)
    {
        while (await DeleteOnce(ct) == Batch)
        {
        }
    }
}
