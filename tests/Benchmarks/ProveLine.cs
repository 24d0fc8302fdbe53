using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Lines of runs that are over as soon as they begin, put into the queue by the hundred: they are ended under locks instead of leases, and must be ended once
/// all the same. A tenant of its own.
/// </summary>
sealed class ProveLine(NpgsqlDataSource engine, Guid tenant) : IDisposable
{
    const int Length = 200;

    const string QueueSql = """
        with pattern as (
          select tenant_id, agent_id, agent_version_id from execution.runs where tenant_id = $1 limit 1
        ), stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, steps_total, input)
          select tenant_id, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
            agent_id, agent_version_id, 'manual', 'queued', 3, json_build_object('id', n, 'title', 'Disk', 'amount', n, 'user', json_build_object('name', 'Ada'))
          from pattern, generate_series(1, $2) n
          returning tenant_id, id
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id) select tenant_id, id from stored returning run_id
        )
        select count(*), (select pg_notify('runs_queued', '') is null) from queued
        """;

    /// <summary>Steps are kept by their own ids: gathered once for all runs, not looked for by each.</summary>
    const string JudgeSql = """
        with ends as materialized (
          select run_id, string_agg(node_id || ' ' || status, ', ' order by id) as steps from execution.run_steps where tenant_id = $1 group by run_id
        )
        select r.id, concat_ws(' ', r.status, r.error ->> 'code', 'attempt', r.attempt, 'steps', e.steps, 'output', r.output::text)
        from execution.runs r left join ends e on e.run_id = r.id
        where r.tenant_id = $1 and r.trigger_source = 'manual'
          and (r.status <> 'succeeded' or e.steps is distinct from 'read succeeded, judge succeeded, answer succeeded' or (r.output ->> 'id') is distinct from (r.input ->> 'id'))
        """;

    readonly CancellationTokenSource stopping = new();
    Task work = Task.CompletedTask;

    public long Runs { get; private set; }

    public long Locked { get; private set; }

    public IReadOnlyList<Violation> Violations { get; private set; } = [];

    /// <param name="target">The webhook of the tenant's agent: one delivery shows which agent it is.</param>
    public async Task Start(Target target)
    {
        using (var connection = new WebhookConnection(target, "", wait: true))
        {
            await connection.Deliver("line", CancellationToken.None);
        }

        work = Task.Run(Queue);
    }

    public async Task Stop()
    {
        await stopping.CancelAsync();
        await work;
    }

    /// <summary>Once nothing of it waits any more.</summary>
    public async Task Judge()
    {
        await using var command = engine.CreateCommand(JudgeSql);
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(tenant);
        var found = new List<Violation>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                found.Add(new Violation(History.Line, reader.GetGuid(0).ToString(), reader.GetString(1)));
            }
        }

        (Runs, _, _) = await new RunRows(engine, tenant).Count();
        Violations = found;
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    async Task Queue()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var command = engine.CreateCommand(QueueSql);
                command.Parameters.AddWithValue(tenant);
                command.Parameters.AddWithValue(Length);
                await command.ExecuteNonQueryAsync();
                Locked += await Noted();
            }
            catch (NpgsqlException)
            {
                // The database is what is being stopped. What was stored is found in it at the end, whatever was answered here.
            }

            await Task.Delay(Random.Shared.Next(1_000, 4_000), CancellationToken.None);
        }
    }

    /// <summary>How many of them servers say they are about to try: that this way is gone at all.</summary>
    async Task<long> Noted()
    {
        await using var command = engine.CreateCommand("select coalesce(sum(cardinality(run_ids)), 0)::bigint from execution.trials where $1 = any(tenant_ids)");
        command.Parameters.AddWithValue(tenant);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
