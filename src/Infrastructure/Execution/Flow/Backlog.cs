using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// How many runs of each tenant wait in the queue, as this node last counted and has added since. The longer the count takes, the more
/// seldom it is made: a long queue must not cost the database more than a twentieth of its time.
/// </summary>
sealed class Backlog(DataSources sources, EngineOptions options, ILogger<Backlog> log)
{
    /// <summary>Parked runs wait for somebody else and not for a worker.</summary>
    const string CountSql = """
        select tenant_id, sum(ready)::int, sum(in_line)::int from (
          select tenant_id, count(*) as ready, 0 as in_line from execution.run_queue where lease_owner is null and not parked and gate is null group by tenant_id
          union all
          select tenant_id, 0, count(*) from execution.run_queue where gate is not null and not parked group by tenant_id) counted
        group by tenant_id
        """;

    volatile IReadOnlyDictionary<Guid, (int Ready, int InLine)> counts = new Dictionary<Guid, (int, int)>();
    volatile ConcurrentDictionary<Guid, int> since = new();
    volatile int total;

    /// <summary>Over all tenants.</summary>
    public int Total => total;

    public int Of(Guid tenantId)
    {
        var (ready, inLine) = counts.GetValueOrDefault(tenantId);
        return ready + inLine + since.GetValueOrDefault(tenantId);
    }

    /// <summary>Whether the tenant has runs that a worker could take: a new one goes behind them.</summary>
    public bool HasReady(Guid tenantId) => counts.GetValueOrDefault(tenantId).Ready > 0 || since.ContainsKey(tenantId);

    /// <summary>The tenants that have such runs.</summary>
    public List<Guid> Ready() => [.. counts.Where(count => count.Value.Ready > 0).Select(count => count.Key).Union(since.Keys)];

    /// <summary>A run of the tenant was stored for whoever is free.</summary>
    public void Add(Guid tenantId) => since.AddOrUpdate(tenantId, 1, static (_, count) => count + 1);

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await Count(ct);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("The queue could not be counted: {Reason}", e.Message);
            }

            var pause = Stopwatch.GetElapsedTime(started) * 20;
            await Task.Delay(pause > options.Poll ? pause : options.Poll, ct);
        }
    }

    public async Task Count(CancellationToken ct)
    {
        await using var command = sources.Writer.CreateCommand(CountSql);
        var counted = new Dictionary<Guid, (int Ready, int InLine)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            counted.Add(reader.GetGuid(0), (reader.GetInt32(1), reader.GetInt32(2)));
        }

        total = counted.Values.Sum(count => count.Ready + count.InLine);
        counts = counted;
        since = new();
    }
}
