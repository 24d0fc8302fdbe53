using System.Diagnostics;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Looks at the whole queue now and then, for metrics and for the alarm that must never ring: a run that is leased to a node that is not alive
/// and that nobody takes back.
/// </summary>
sealed class QueueProbe(DataSources sources, EngineOptions options, TimeProvider time, ILogger<QueueProbe> log)
    : PeriodicJob(TimeSpan.FromSeconds(5), time, log), IWarn
{
    const string Look = """
        select count(*) filter (where lease_owner is null and not parked),
          count(*) filter (where lease_owner is not null),
          count(*) filter (where parked),
          coalesce(extract(epoch from now() - min(available_at) filter (where lease_owner is null and not parked and available_at <= now())), 0)::float8,
          (select count(*) from execution.nodes where lease_expires_at >= now())
        from execution.run_queue
        """;

    /// <summary>A thousand say as much as all of them would.</summary>
    const string Orphans = """
        select q.run_id, q.lease_owner from execution.run_queue q
        where q.lease_owner is not null and not exists (select from execution.nodes n where n.id = q.lease_owner and n.lease_expires_at >= now())
        limit 1000
        """;

    Dictionary<(Guid Run, Guid Node), long> orphans = [];

    public QueueState Current { get; private set; } = new(0, 0, 0, TimeSpan.Zero, 0, 0);

    public IEnumerable<string> Warnings => Current.Stuck == 0 ? [] : [$"{Current.Stuck} runs are held by nodes that are not alive, and nobody takes them back."];

    public override async Task DoOnce(CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        var stuck = await CountStuck(connection, ct);
        await using var command = new NpgsqlCommand(Look, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        Current = new QueueState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), TimeSpan.FromSeconds(reader.GetDouble(3)), stuck, reader.GetInt64(4));
    }

    /// <summary>A lease that has just run out is nothing yet: every node takes such runs back each second. It counts from when it was first seen.</summary>
    async Task<long> CountStuck(NpgsqlConnection connection, CancellationToken ct)
    {
        var now = Stopwatch.GetTimestamp();
        var seen = new Dictionary<(Guid, Guid), long>();
        await using var command = new NpgsqlCommand(Orphans, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var orphan = (reader.GetGuid(0), reader.GetGuid(1));
            seen[orphan] = orphans.GetValueOrDefault(orphan, now);
        }

        orphans = seen;
        var stuck = seen.Values.Count(since => Stopwatch.GetElapsedTime(since, now) > options.Lease * 2);
        if (stuck > 0)
        {
            Log.LogError("{Count} runs are held by nodes that are not alive, and nobody takes them back", stuck);
        }

        return stuck;
    }
}

/// <param name="OldestAge">Of what waits for a worker, since when it could have been taken.</param>
/// <param name="Stuck">Runs under a dead node's lease for more than two leases; counted up to a thousand.</param>
sealed record QueueState(long Queued, long Running, long Parked, TimeSpan OldestAge, long Stuck, long Nodes);
