using System.Diagnostics;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// This node's one lease, by the database's clock. Renewing it is one row, however many runs are under way; all writers name the node
/// that they write for, so fencing a lost node off is one statement of whoever notices first.
/// </summary>
sealed class NodeLease(DataSources sources, DbClock clock, EngineOptions options, ActiveRuns active, ILogger<NodeLease> log)
{
    const string Register = """
        insert into execution.nodes (id, name, lease_expires_at) values (@id, @name, now() + @lease)
        """;

    const string Renew = """
        update execution.nodes set lease_expires_at = now() + @lease where id = @id and lease_expires_at > now() returning clock_timestamp()
        """;

    /// <summary>
    /// Leased to a node that is gone. A node registers before its first lease, and its id is a UUIDv7 of the database's time:
    /// the lower bound keeps a node out whose registration this statement's snapshot may not have seen.
    /// </summary>
    const string IsLost = """
        (q.lease_owner < platform.uuid_v7_floor(now() - interval '1 second')
          and not exists (select from execution.nodes n where n.id = q.lease_owner and n.lease_expires_at >= now()))
        """;

    /// <summary>
    /// Takes runs back from nodes that are gone. What such a node was about to try without a lease counts as lost with it, whoever has it now. A run on its last chance
    /// counts only where its trial was noted: held for it alone, it had no part in the node's end.
    /// </summary>
    const string Reap = $"""
        with gone as (
          delete from execution.nodes where lease_expires_at < now() returning id
        ), tried as materialized (
          select t.lane, u.tenant_id, u.run_id from gone g
          join execution.trials t on t.node_id = g.id
          cross join unnest(t.tenant_ids, t.run_ids) as u (tenant_id, run_id)
        ), counted as (
          update execution.run_queue q set lost_workers = q.lost_workers + 1 from tried t
          where t.lane <> @trial and q.tenant_id = t.tenant_id and q.run_id = t.run_id and {IsLost} is not true
        )
        update execution.run_queue q set lease_owner = null, available_at = now(),
          lost_workers = q.lost_workers + (q.lost_workers <> @last or exists (select from tried t where t.tenant_id = q.tenant_id and t.run_id = q.run_id))::int
        where {IsLost}
        """;

    const string GiveBack = """
        with back as (
          update execution.run_queue q set lease_owner = null, available_at = now(), lost_workers = q.lost_workers + g.blame
          from unnest(@runs, @attempts, @blames) as g (run_id, attempt, blame)
          where q.run_id = g.run_id and q.attempt = g.attempt and q.lease_owner = @id
          returning 1
        )
        select pg_notify('runs_queued', '') from back limit 1
        """;

    const string Held = "select run_id, attempt, wakes from execution.run_queue where lease_owner = @id";

    /// <summary>A clean end: it does not count against the runs that are given back.</summary>
    const string Leave = """
        with gone as (
          delete from execution.nodes where id = @id
        ), back as (
          update execution.run_queue set lease_owner = null, available_at = now() where lease_owner = @id returning 1
        )
        select pg_notify('runs_queued', '') from back limit 1
        """;

    NodeIdentity? current;
    long renewed;
    Dictionary<(Guid RunId, int Attempt), long> strays = [];

    public NodeIdentity Current => Volatile.Read(ref current) ?? throw new InvalidOperationException("The node has no lease yet.");

    public async Task Begin(CancellationToken ct)
    {
        await clock.Read(sources.Engine, ct);
        var next = new NodeIdentity(Guid.CreateVersion7(clock.Now));
        await Execute(Register, ct, ("id", next.Id), ("name", $"{Environment.MachineName}:{Environment.ProcessId}"), ("lease", options.Lease));
        Volatile.Write(ref renewed, Stopwatch.GetTimestamp());
        Volatile.Write(ref current, next);
    }

    /// <summary>Renews, and takes back what lost nodes held; runs until <paramref name="ct"/> is cancelled.</summary>
    public async Task Keep(CancellationToken ct)
    {
        var rhythm = TimeSpan.FromTicks(Math.Min(options.Lease.Ticks / 5, options.Poll.Ticks));
        using var timer = new PeriodicTimer(rhythm);
        using var watchdog = new Timer(_ => LoseIfExpired(), null, rhythm, rhythm / 2);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await RenewOnce(ct);
                await ReapOnce(ct);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("The lease could not be renewed: {Reason}", e.Message);
            }
        }
    }

    /// <summary>Gives everything back, so that others go on at once.</summary>
    public async Task End(CancellationToken ct) => await Execute(Leave, ct, ("id", Current.Id));

    async Task RenewOnce(CancellationToken ct)
    {
        var mine = Current;
        if (mine.Lost.IsCancellationRequested)
        {
            await Rejoin(mine, ct);
            return;
        }

        var sent = Stopwatch.GetTimestamp();
        await using var command = sources.Engine.CreateCommand(Renew);
        command.CommandTimeout = 5;
        command.Parameters.AddWithValue("id", mine.Id);
        command.Parameters.AddWithValue("lease", options.Lease);
        if (await command.ExecuteScalarAsync(ct) is DateTime at)
        {
            clock.Set(at, sent);
            Volatile.Write(ref renewed, sent);
            await GiveBackUnused(mine, ct);
            return;
        }

        Lose(mine, "it was not renewed in time");
        await Rejoin(mine, ct);
    }

    /// <summary>Whoever lost a lease comes back as somebody else: its runs were told to stop, and none of their writes may count any more.</summary>
    async Task Rejoin(NodeIdentity former, CancellationToken ct)
    {
        await Execute(Leave, ct, ("id", former.Id));
        await Begin(ct);
    }

    /// <summary>
    /// Runs that could not be ended here, and strays: rows under our lease that nobody here executes, because the answer of the statement
    /// that leased them was lost. Those get as long as a lost node would: one of them may be just about to begin.
    /// </summary>
    async Task GiveBackUnused(NodeIdentity mine, CancellationToken ct)
    {
        var unused = active.TakeAbandoned().FindAll(run => run.Node == mine);
        var now = Stopwatch.GetTimestamp();
        strays = (await ReadIdle(mine, ct)).ToDictionary(run => run, run => strays.GetValueOrDefault(run, now));
        unused.AddRange(strays
            .Where(stray => Stopwatch.GetElapsedTime(stray.Value, now) > options.Lease)
            .Select(stray => new AbandonedRun(stray.Key.RunId, stray.Key.Attempt, mine, IsToBlame: false)));
        if (unused.Count > 0)
        {
            await Execute(GiveBack, ct, ("id", mine.Id), ("runs", unused.ConvertAll(run => run.RunId)),
                ("attempts", unused.ConvertAll(run => run.Attempt)), ("blames", unused.ConvertAll(run => run.IsToBlame ? 1 : 0)));
        }
    }

    async Task<List<(Guid RunId, int Attempt)>> ReadIdle(NodeIdentity mine, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(Held);
        command.CommandTimeout = 5;
        command.Parameters.AddWithValue("id", mine.Id);
        var idle = new List<(Guid, int)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (active.Find(reader.GetGuid(0)) is not { } run)
            {
                idle.Add((reader.GetGuid(0), reader.GetInt32(1)));
            }
            else if (run.SeenWakes != reader.GetInt32(2))
            {
                // The notification was lost, or is still under way.
                run.Mailbox.Ring();
            }
        }

        return idle;
    }

    async Task ReapOnce(CancellationToken ct)
    {
        var taken = await Execute(Reap, ct, ("last", options.LastChance), ("trial", LastChances.Lane));
        if (taken > 0)
        {
            EngineMetrics.Recovered.Add(taken);
            log.LogInformation("Took {Count} runs back from nodes that are gone", taken);
            await Execute("select pg_notify('runs_queued', '')", ct);
        }
    }

    /// <summary>The node stops its runs before others may take them: by its own monotonic clock, four fifths into the lease.</summary>
    void LoseIfExpired()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref renewed)) > options.Lease * 0.8 && Volatile.Read(ref current) is { Lost.IsCancellationRequested: false } mine)
        {
            Lose(mine, "the database did not answer");
        }
    }

    void Lose(NodeIdentity identity, string reason)
    {
        EngineMetrics.LeasesLost.Add(1);
        log.LogWarning("Node {Node} lost its lease: {Reason}; its runs stop here", identity.Id, reason);
        identity.Lose();
    }

    async Task<int> Execute(string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = sources.Engine.CreateCommand(sql);
        command.CommandTimeout = 5;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync(ct);
    }
}
