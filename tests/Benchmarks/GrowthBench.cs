using System.Globalization;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>What a run costs as more and more runs are stored: the same load beside ten thousand, a hundred thousand … finished ones.</summary>
static class GrowthBench
{
    const int Port = 18_082;
    const int Batch = 100_000;

    /// <summary>
    /// Finished runs of three steps each, spread over the current month up to a day ago as their ids would be, of one tenant with a thousand agents.
    /// Written as the engine's role writes them, past the engine.
    /// </summary>
    const string FillSql = """
        with made as (
          select (lpad(to_hex((extract(epoch from date_trunc('month', now()) + random() * greatest(now() - interval '1 day' - date_trunc('month', now()), interval '1 hour')) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 9) || '000000')::uuid as id, n
          from generate_series(1, @count) n
        ), runs as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, output, attempt, steps_total, steps_completed, queued_at, started_at, finished_at)
          select @tenant, id, (lpad(to_hex(n % 1000), 8, '0') || '-0000-7000-8000-000000000000')::uuid, @tenant, 'webhook', 'succeeded',
            '{"id":"d","title":"A title of some length","amount":250,"user":{"name":"Ada"}}', '{"id":"d","text":"Ada: A title of some length","urgent":true}', 1, 3, 3, now(), now(), now()
          from made returning id
        )
        insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, attempt, status, output, started_at, finished_at, started_event, finished_event)
        select @tenant, (substr(r.id::text, 1, 30) || lpad(to_hex(s), 6, '0'))::uuid, r.id, 'read', s, 1, 'succeeded', '{"id":"d","title":"A title of some length","amount":250,"user":"Ada"}', now(), now(), 2, 3
        from runs r, generate_series(0, 2) s
        """;

    public static async Task Run(string data, IReadOnlyList<int> levels, TimeSpan time, Table table)
    {
        await using var server = await ServerProcess.Start(data, Port);
        await using var database = await ServerProcess.OpenDatabase(data);
        await using var baseline = new Baseline(database.Connections);
        await using var engine = NpgsqlDataSource.Create(database.Connections.Engine);
        await using var owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.Connections.Owner) { CommandTimeout = 1200 }.ConnectionString);
        var (target, _) = await Customer.Prepare(server.Address);
        await Load.Closed(target, 64, TimeSpan.FromSeconds(20), wait: false);
        var tenant = Guid.CreateVersion7();
        var stored = 0;
        foreach (var level in levels)
        {
            stored += await Fill(engine, tenant, level - stored);
            await Settle(owner);
            var (mine, _) = await Customer.Prepare(server.Address);
            var alone = await baseline.Rate(BaselineRows.Pure, Guid.CreateVersion7(), time / 2);
            var cpu = await CpuTime.Of(server, engine);
            var load = await Load.Closed(mine, 64, time, wait: false);
            cpu = await CpuTime.Of(server, engine) - cpu;
            var size = await Size(engine);
            table.Add(string.Create(CultureInfo.InvariantCulture, $"64 clients beside {level:N0} stored runs ({size})"), $"{load.PerSecond:0} runs/s; {cpu.PerRun(load.Accepted)}", alone.Text, "cost flat within 20 %");
        }
    }

    static async Task<int> Fill(NpgsqlDataSource engine, Guid tenant, int count)
    {
        for (var left = count; left > 0; left -= Batch)
        {
            await using var command = engine.CreateCommand(FillSql);
            command.CommandTimeout = 600;
            command.Parameters.AddWithValue("tenant", tenant);
            command.Parameters.AddWithValue("count", Math.Min(left, Batch));
            await command.ExecuteNonQueryAsync();
            Measurement.Say($"{count - Math.Max(0, left - Batch):N0} of {count:N0} stored");
        }

        return count;
    }

    /// <summary>What so many rows written at once leave to be done is no cost of the runs after them, and autovacuum would do it beside those.</summary>
    static async Task Settle(NpgsqlDataSource owner)
    {
        await using var vacuum = owner.CreateCommand("vacuum analyze execution.runs, execution.run_steps, execution.idempotency_keys");
        await vacuum.ExecuteNonQueryAsync();
    }

    static async Task<string> Size(NpgsqlDataSource engine)
    {
        await using var command = engine.CreateCommand("""
            select pg_size_pretty(sum(pg_total_relation_size(inhrelid))) from pg_inherits where inhparent in ('execution.runs'::regclass, 'execution.run_steps'::regclass)
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
