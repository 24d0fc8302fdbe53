using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>Reads a tenant's history from the database.</summary>
sealed class HistoryRows(NpgsqlDataSource engine, Guid tenant)
{
    /// <summary>The latest final states.</summary>
    public Task<List<FinalState>> Sample() => Read("""
        select id, status, finished_at, md5(coalesce(output::text, '')) from execution.runs
        where tenant_id = $1 and finished_at is not null order by id desc limit 500
        """, row => new FinalState(row.GetGuid(0), row.GetString(1), row.GetDateTime(2), row.GetString(3)));

    public Task<List<RunFact>> Runs() => Read("""
        select id, input ->> 'id', status, attempt, queued_at, finished_at, output ->> 'token', md5(coalesce(output::text, '')), error ->> 'code',
          (output ->> 'tokens')::bigint, cost_micros
        from execution.runs where tenant_id = $1
        """, row => new RunFact(
            row.GetGuid(0), row.GetString(1), string.Intern(row.GetString(2)), row.GetInt32(3), row.GetDateTime(4),
            row.IsDBNull(5) ? null : row.GetDateTime(5), Text(row, 6), row.GetString(7), Text(row, 8))
    {
        Tokens = row.IsDBNull(9) ? null : row.GetInt64(9),
        CostMicros = row.GetInt64(10),
    });

    public Task<List<LedgerFact>> Entries() => Read(
        "select run_id, tokens_prompt, tokens_completion, cost_micros, is_estimated from billing.usage_ledger where tenant_id = $1",
        row => new LedgerFact(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4)));

    public Task<List<StepFact>> Steps() => Read(
        "select run_id, node_id, attempt, run_attempt, status from execution.run_steps where tenant_id = $1",
        row => new StepFact(row.GetGuid(0), string.Intern(row.GetString(1)), row.GetInt32(2), row.GetInt32(3), string.Intern(row.GetString(4))));

    /// <summary>What must not be there once everything has ended: queued runs, and leases that nobody keeps.</summary>
    public async Task<List<string>> Leftovers() =>
    [
        .. await Read("select 'queued run ' || run_id from execution.run_queue where tenant_id = $1", row => row.GetString(0)),
        .. await Read("select 'reservation of ' || id from billing.reservations where tenant_id = $1 and lost_at is null", row => row.GetString(0)),
        .. await Read("select 'lease of ' || name from execution.nodes where lease_expires_at < now() - interval '5 seconds' and $1::uuid is not null", row => row.GetString(0)),
    ];

    async Task<List<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> make)
    {
        await using var command = engine.CreateCommand(sql);
        command.CommandTimeout = 120;
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(make(reader));
        }

        return rows;
    }

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
