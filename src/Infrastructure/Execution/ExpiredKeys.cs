using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>Deletes idempotency keys whose time is over, a bounded number at a time, so that no long transaction holds anything up.</summary>
sealed class ExpiredKeys(DataSources sources, TimeProvider time, ILogger<ExpiredKeys> log) : BackgroundService
{
    const int Batch = 10_000;

    static readonly TimeSpan Rhythm = TimeSpan.FromMinutes(10);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DeleteOnce(stoppingToken) == Batch)
                {
                }
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Expired keys stay a little longer: {Reason}", e.Message);
            }

            await Task.Delay(Rhythm, time, stoppingToken);
        }
    }
}
