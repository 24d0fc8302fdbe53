using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Lines of runs that are over as soon as they begin, put into the queue by the hundred: they are ended under locks instead of leases, and must be ended once
/// all the same. A tenant of its own.
/// </summary>
/// <param name="owner">The role that may read the agents of every tenant.</param>
sealed class ProveLine(NpgsqlDataSource owner, NpgsqlDataSource engine, Guid tenant) : IDisposable
{
    const int Length = 200;

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
    readonly HashSet<Guid> noted = [];
    Task work = Task.CompletedTask;

    public long Runs { get; private set; }

    /// <summary>How many of them servers were seen to be about to try under a lock.</summary>
    public long Locked => noted.Count;

    public IReadOnlyList<Violation> Violations { get; private set; } = [];

    public void Start() => work = Task.Run(Queue);

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
                await BulkRuns.Queue(owner, tenant, Length);
                await LookAtNotes();
            }
            catch (NpgsqlException)
            {
                // The database is what is being stopped. What was stored is found in it at the end, whatever was answered here.
            }

            await Task.Delay(Random.Shared.Next(1_000, 4_000), CancellationToken.None);
        }
    }

    async Task LookAtNotes()
    {
        await using var command = engine.CreateCommand("select unnest(run_ids) from execution.trials where $1 = any(tenant_ids)");
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            noted.Add(reader.GetGuid(0));
        }
    }
}
