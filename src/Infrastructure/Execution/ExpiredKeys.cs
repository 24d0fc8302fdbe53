using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>Deletes idempotency keys whose time is over, a bounded number at a time, so that no long transaction holds anything up.</summary>
sealed class ExpiredKeys(DataSources sources, TimeProvider time, ILogger<ExpiredKeys> log) : PeriodicJob(TimeSpan.FromMinutes(10), time, log)
{
    const int Batch = 10_000;

    const string Delete = """
        delete from execution.idempotency_keys k
        using (select tenant_id, scope, key from execution.idempotency_keys where expires_at <= now() limit @batch) old
        where k.tenant_id = old.tenant_id and k.scope = old.scope and k.key = old.key and k.expires_at <= now()
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
