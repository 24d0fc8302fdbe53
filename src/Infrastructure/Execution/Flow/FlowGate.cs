using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Lets runs through their gates: at once when the database tells that a line has moved, at the time that a debounced or delayed run waits for, and
/// with a slow sweep as the safety net for what was told to nobody.
/// </summary>
sealed class FlowGate(DataSources sources, FlowLimits limits, RunPlans plans, EngineOptions options, ILogger<FlowGate> log) : IDisposable
{
    const int MaxBatch = 64;

    /// <summary>As many as one call lets through; when it does, there may be more.</summary>
    const int MaxAdmitted = 256;

    const string TimeGate = "time";

    const string AdmitSql = """
        select a.tenant_id, a.line, execution.admit(a.tenant_id, a.line)
        from (select * from unnest(@tenants, @lines) as g (tenant_id, line) order by 1, 2) a
        """;

    /// <summary>The key is compared as <see cref="Finisher.Ended"/> tells.</summary>
    public const string OpenSql = """
        with due as materialized (
          select tenant_id, run_id from execution.run_queue
          where gate = 'time' and not parked and available_at <= clock_timestamp() order by available_at limit 500 for update skip locked
        ), opened as (
          update execution.run_queue q set gate = q.flow_keys[1] from due d where q.tenant_id = any(array[d.tenant_id]) and q.run_id = d.run_id returning q.gate
        ), told as (
          select pg_notify('runs_queued', '') from opened where gate is null limit 1
        )
        select (select count(*) from opened)::int, (select count(*) from told)
        """;

    const string NextSql = """
        select extract(epoch from min(available_at) - clock_timestamp())::float8 from execution.run_queue where gate = 'time' and not parked
        """;

    /// <summary>Lines where somebody waits although there is room, one index entry a line. A line whose runs replace each other is always looked at.</summary>
    const string SweepSql = """
        with recursive line as (
          (select tenant_id, gate from execution.run_queue where gate is not null and not parked order by tenant_id, gate limit 1)
          union all
          select n.tenant_id, n.gate from line l cross join lateral (
            select q.tenant_id, q.gate from execution.run_queue q
            where q.gate is not null and not q.parked and (q.tenant_id, q.gate) > (l.tenant_id, l.gate)
            order by q.tenant_id, q.gate limit 1) n
        )
        select l.tenant_id, l.gate from (select * from line limit 10000) l
        where l.gate <> 'time' and (execution.has_room(l.tenant_id, l.gate, l.tenant_id)
          or exists (select from execution.flow_limits f where f.tenant_id = l.tenant_id and f.name = split_part(l.gate, '/', 1) and f.policy = 'replace'))
        """;

    const string ForgetSql = """
        with quiet as (
          delete from execution.flow_debounces where opens_at < now() - interval '1 hour'
        )
        delete from execution.flow_rates where ends_at < now() - interval '1 hour'
        """;

    readonly ConcurrentDictionary<(Guid TenantId, string Line), bool> moved = new();
    readonly ConcurrentDictionary<(Guid TenantId, Guid AgentId), bool> changed = new();
    readonly ConcurrentDictionary<Guid, bool> changedTenants = new();
    readonly QueueSignal signal = new();

    /// <param name="payload"><c>tenant:line</c>.</param>
    public void Told(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && Guid.TryParse(payload.AsSpan(0, colon), out var tenantId))
        {
            moved[(tenantId, payload[(colon + 1)..])] = true;
            signal.Wake();
        }
        else
        {
            log.LogWarning("Channel flow_freed told something that is no line: {Payload}", payload);
        }
    }

    /// <summary>Its limit may have changed: those who wait already are held to the new one.</summary>
    public void AgentChanged(Guid tenantId, Guid agentId)
    {
        changed[(tenantId, agentId)] = true;
        signal.Wake();
    }

    /// <summary>Its plan may have changed.</summary>
    public void TenantChanged(Guid tenantId)
    {
        changedTenants[tenantId] = true;
        signal.Wake();
    }

    public async Task Run(CancellationToken ct)
    {
        var (asked, next) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await LearnChanged(ct);
                await AdmitMoved(ct);
                if (TakeTime() || Stopwatch.GetElapsedTime(asked) >= next)
                {
                    asked = Stopwatch.GetTimestamp();
                    next = await OpenDue(ct);
                }

                var left = next - Stopwatch.GetElapsedTime(asked);
                await signal.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Whatever it is, limited runs must not wait for a restart.
                log.LogWarning(e, "Runs could not be let through and are looked at again");
                await Task.Delay(options.Poll, ct);
            }
        }
    }

    /// <summary>The safety net, once a poll.</summary>
    public async Task Sweep(CancellationToken ct)
    {
        for (var round = 0; !ct.IsCancellationRequested; round++)
        {
            try
            {
                await SweepOnce(ct);
                if (round % 600 == 0)
                {
                    await using var forget = sources.Engine.CreateCommand(ForgetSql);
                    await forget.ExecuteNonQueryAsync(ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning(e, "The lines could not be swept");
            }

            await Task.Delay(options.Poll, ct);
        }
    }

    public void Dispose() => signal.Dispose();

    async Task SweepOnce(CancellationToken ct)
    {
        await using var command = sources.Writer.CreateCommand(SweepSql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            moved[(reader.GetGuid(0), reader.GetString(1))] = true;
            signal.Wake();
        }
    }

    async Task LearnChanged(CancellationToken ct)
    {
        await Each(changedTenants, tenant => plans.LearnTenant(tenant, ct));
        await Each(changed, async agent =>
        {
            if (await limits.Know(agent.TenantId, agent.AgentId, ct))
            {
                await plans.OfAgent(agent.TenantId, agent.AgentId.ToString(), null, ct);
            }
        });
    }

    static async Task Each<T>(ConcurrentDictionary<T, bool> told, Func<T, Task> learn)
        where T : notnull
    {
        foreach (var one in told.Keys)
        {
            // Taken out first: what changes from here on is learnt again.
            told.TryRemove(one, out _);
            try
            {
                await learn(one);
            }
            catch
            {
                told[one] = true;
                throw;
            }
        }
    }

    async Task AdmitMoved(CancellationToken ct)
    {
        while (moved.Keys.Where(line => line.Line != TimeGate).Take(MaxBatch).ToList() is { Count: > 0 } lines)
        {
            // Taken out first: what moves from here on is looked at again.
            lines.ForEach(line => moved.TryRemove(line, out _));
            try
            {
                await Admit(lines, ct);
            }
            catch
            {
                lines.ForEach(line => moved[line] = true);
                throw;
            }
        }
    }

    async Task Admit(List<(Guid TenantId, string Line)> lines, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(AdmitSql, connection);
        var columns = new Columns(command.Parameters, lines.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => lines[i].TenantId);
        columns.Add("lines", NpgsqlDbType.Text, i => lines[i].Line);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetInt32(2) == MaxAdmitted)
            {
                moved[(reader.GetGuid(0), reader.GetString(1))] = true;
            }
        }
    }

    /// <summary>Whether a run came that waits for a time.</summary>
    bool TakeTime()
    {
        var any = false;
        foreach (var line in moved.Keys.Where(line => line.Line == TimeGate))
        {
            any |= moved.TryRemove(line, out _);
        }

        return any;
    }

    /// <returns>When to look again.</returns>
    async Task<TimeSpan> OpenDue(CancellationToken ct)
    {
        int opened;
        do
        {
            await using var open = sources.Writer.CreateCommand(OpenSql);
            opened = (int)(await open.ExecuteScalarAsync(ct))!;
        }
        while (opened > 0);

        await using var command = sources.Writer.CreateCommand(NextSql);
        return await command.ExecuteScalarAsync(ct) is double seconds && seconds < options.Poll.TotalSeconds
            ? TimeSpan.FromSeconds(Math.Max(seconds, 0.001))
            : options.Poll;
    }
}
