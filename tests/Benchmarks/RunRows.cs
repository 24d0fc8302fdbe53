using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>What the database says of a tenant's runs.</summary>
sealed class RunRows(NpgsqlDataSource engine, Guid tenant)
{
    public async Task<(long Total, long Succeeded, long Other)> Count()
    {
        await using var command = engine.CreateCommand(
            "select count(*), count(*) filter (where status = 'succeeded'), count(*) filter (where status in ('failed', 'canceled')) from execution.runs where tenant_id = $1");
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>Waits until nothing of the tenant is queued any more.</summary>
    public async Task<bool> Drain(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        while (!patience.IsCancellationRequested)
        {
            await using var command = engine.CreateCommand("select exists (select from execution.run_queue where tenant_id = $1)");
            command.Parameters.AddWithValue(tenant);
            if (await command.ExecuteScalarAsync() is false)
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    /// <summary>From the accepting transaction's start to the start of the first step, by the database's clock, in milliseconds.</summary>
    public async Task<(double P50, double P99)> StartLatency(DateTimeOffset since)
    {
        await using var command = engine.CreateCommand("""
            select percentile_cont(array[0.5, 0.99]) within group (order by extract(epoch from started_at - queued_at)::float8 * 1000)
            from execution.runs where tenant_id = $1 and queued_at >= $2
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(since.UtcDateTime);
        var both = (double[])(await command.ExecuteScalarAsync())!;
        return (both[0], both[1]);
    }
}
