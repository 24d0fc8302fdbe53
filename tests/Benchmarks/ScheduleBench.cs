using System.Diagnostics;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>How fast due schedules fire and how late, with so many stored triggers: most sleep until next year, some come due each second.</summary>
static class ScheduleBench
{
    const int Port = 18_081;

    /// <summary>Of the heap that is woken at once.</summary>
    const string Yearly = "0 0 2 1 *";

    const string Store = """
        with made as (
          insert into execution.triggers (tenant_id, id, agent_id, name, kind, cron, time_zone, misfire, input)
          select tenant_id, gen_random_uuid(), agent_id, 'Bench', 'schedule', @cron, 'UTC', 'all',
            '{"id": "x", "title": "Disk is almost full", "amount": 7, "user": { "name": "Ada" }, "scheduled_at": "=scheduled_at"}'
          from execution.triggers, generate_series(1, @count) where id = @pattern
          returning tenant_id, id
        )
        insert into execution.trigger_times (tenant_id, trigger_id, is_enabled, next_fire_at) select tenant_id, id, true, @next from made
        """;

    const string Wake = """
        update execution.trigger_times w set next_fire_at = date_trunc('second', now()) - interval '1 second'
        from execution.triggers t where t.tenant_id = w.tenant_id and t.id = w.trigger_id and t.cron = @cron and w.is_enabled
        """;

    const string Disable = """
        update execution.trigger_times w set is_enabled = false from execution.triggers t where t.tenant_id = w.tenant_id and t.id = w.trigger_id and t.cron = @cron
        """;

    const string Lateness = """
        select count(*), percentile_cont(array[0.5, 0.99, 1.0]) within group (order by extract(epoch from queued_at - (input ->> 'scheduled_at')::timestamptz)::float8 * 1000)
        from execution.runs where trigger_source = 'schedule' and (input ->> 'scheduled_at')::timestamptz between @from and @until
        """;

    /// <param name="stored">Triggers that sleep.</param>
    /// <param name="due">Triggers that come due each second.</param>
    public static async Task Run(string data, int stored, int due, TimeSpan time, Table table)
    {
        Guid tenant;
        await using (var first = await ServerProcess.Start(data, Port))
        {
            (_, tenant) = await Customer.Prepare(first.Address);
        }

        await using var database = await ServerProcess.OpenDatabase(data);
        await using var owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.Connections.Owner) { CommandTimeout = 600 }.ConnectionString);
        var pattern = await Scalar<Guid>(owner, "select id from execution.triggers order by id desc limit 1");
        Measurement.Say($"storing {stored} triggers that sleep");
        await Insert(owner, pattern, "0 0 1 1 *", DateTime.UnixEpoch.AddYears(200), stored);
        await using (var analyze = owner.CreateCommand("vacuum analyze execution.triggers, execution.trigger_times"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        Measurement.Say("PostgreSQL alone");
        var alone = await Alone(database, owner, pattern, tenant, due * 10);
        await using var server = await ServerProcess.Start(data, Port);
        foreach (var round in new[] { "first after the start", "second", "third" })
        {
            await Heap(server, owner, pattern, due * 10, $"{due * 10} due at once of {stored} stored, {round}", alone, table);
        }

        // Each second the same number, for a while.
        var from = (await Scalar<DateTime>(owner, "select date_trunc('second', now())")).AddSeconds(3);
        await Insert(owner, pattern, "* * * * * ?", from, due);
        await Task.Delay(time + TimeSpan.FromSeconds(3));
        await Execute(owner, Disable, "* * * * * ?");

        await using var command = owner.CreateCommand(Lateness);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("until", from + time - TimeSpan.FromSeconds(3));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var late = reader.GetFieldValue<double[]>(1);
        var seconds = (time - TimeSpan.FromSeconds(2)).TotalSeconds;
        table.Add($"{due} due each second of {stored} stored", $"{reader.GetInt64(0) / seconds:0} fires/s", alone, $"{due}/s");
        table.Add("lateness (run stored after the named time), P50 / P99 / most", $"{late[0]:0} / {late[1]:0} / {late[2]:0} ms", "", "P99 ≤ 1 500 ms");
        table.Add("memory", $"{server.MemoryMiB:0} MiB", "", "≤ 350 MiB");
    }

    /// <summary>The same heap without a server: taken, moved and their runs stored.</summary>
    static async Task<string> Alone(Database database, NpgsqlDataSource owner, Guid pattern, Guid tenant, int count)
    {
        await Insert(owner, pattern, Yearly, DateTime.UnixEpoch.AddYears(200), count);
        await Execute(owner, Wake, Yearly);
        await using var baseline = new Baseline(database.Connections);
        var (_, text) = await baseline.Rate(BaselineRows.Fired, tenant);
        await Execute(owner, Disable, Yearly);
        return text;
    }

    /// <summary>Everything at once: how many a second when more is due than can be fired. It is stored asleep and woken at once, so that its insertion is not measured.</summary>
    static async Task Heap(ServerProcess server, NpgsqlDataSource owner, Guid pattern, int count, string what, string alone, Table table)
    {
        await Insert(owner, pattern, Yearly, DateTime.UnixEpoch.AddYears(200), count);
        await Execute(owner, Wake, Yearly);
        var cpu = await CpuTime.Of(server, owner);
        var begun = Stopwatch.GetTimestamp();
        await Until(owner, "select not exists (select from execution.trigger_times where is_enabled and next_fire_at <= now())");
        var rate = count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        cpu = await CpuTime.Of(server, owner) - cpu;
        table.Add(what, $"{rate:0} fires/s; {cpu.PerRun(count)} a fire", alone, "≥ 5 000/s");
        await Execute(owner, Disable, Yearly);
    }

    static async Task Insert(NpgsqlDataSource owner, Guid pattern, string cron, DateTime next, int count)
    {
        await using var command = owner.CreateCommand(Store);
        command.Parameters.AddWithValue("pattern", pattern);
        command.Parameters.AddWithValue("cron", cron);
        command.Parameters.AddWithValue("next", DateTime.SpecifyKind(next, DateTimeKind.Utc));
        command.Parameters.AddWithValue("count", count);
        await command.ExecuteNonQueryAsync();
    }

    static async Task Execute(NpgsqlDataSource owner, string sql, string cron)
    {
        await using var command = owner.CreateCommand(sql);
        command.Parameters.AddWithValue("cron", cron);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<T> Scalar<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    static async Task Until(NpgsqlDataSource source, string holds)
    {
        var patience = Stopwatch.StartNew();
        while (!await Scalar<bool>(source, holds))
        {
            if (patience.Elapsed > TimeSpan.FromMinutes(5))
            {
                throw new InvalidOperationException("The schedules were not fired in five minutes.");
            }

            await Task.Delay(20);
        }
    }
}
