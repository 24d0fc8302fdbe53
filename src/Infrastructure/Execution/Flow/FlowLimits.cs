using System.Collections.Concurrent;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Keeps in the execution schema what the queue has to know of plans and agents: weights and limits. Written when a node learns what a new run of an
/// agent takes, and before that run is stored; so every run that names a line finds its limit.
/// </summary>
sealed class FlowLimits(DataSources sources, FlowOptions options)
{
    const string TenantLine = "tenant";

    const string LearnSql = """
        with weighed as (
          insert into execution.flow_tenants as t (tenant_id, weight) values (@tenant, @weight)
          on conflict (tenant_id) do update set weight = excluded.weight where t.weight <> excluded.weight
        ), wanted as (
          select * from (values ('tenant', @tenant_max), (@agent, @agent_max)) v (name, max_running)
        ), gone as (
          delete from execution.flow_limits l using wanted w where l.tenant_id = @tenant and l.name = w.name and w.max_running is null
        )
        insert into execution.flow_limits as l (tenant_id, name, max_running) select @tenant, name, max_running from wanted where max_running is not null
        on conflict (tenant_id, name) do update set max_running = excluded.max_running where l.max_running <> excluded.max_running
        """;

    const string LearnTenantSql = """
        with weighed as (
          insert into execution.flow_tenants as t (tenant_id, weight) values (@tenant, @weight)
          on conflict (tenant_id) do update set weight = excluded.weight where t.weight <> excluded.weight
        ), gone as (
          delete from execution.flow_limits where tenant_id = @tenant and name = 'tenant' and @tenant_max is null
        )
        insert into execution.flow_limits as l (tenant_id, name, max_running) select @tenant, 'tenant', @tenant_max where @tenant_max is not null
        on conflict (tenant_id, name) do update set max_running = excluded.max_running where l.max_running <> excluded.max_running
        """;

    readonly ConcurrentDictionary<Guid, int> weights = new();

    /// <summary>As far as this node has met the tenant; otherwise 1.</summary>
    public int WeightOf(Guid tenantId) => weights.GetValueOrDefault(tenantId, 1);

    /// <summary>Its plan may have changed: its runs that wait go by the new one.</summary>
    public async Task LearnTenant(Guid tenantId, string plan, CancellationToken ct)
    {
        var flow = options.Of(plan);
        weights[tenantId] = flow.Weight;
        await using var command = sources.Engine.CreateCommand(LearnTenantSql);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("weight", flow.Weight);
        command.Parameters.Add(new NpgsqlParameter("tenant_max", NpgsqlDbType.Integer) { Value = (object?)flow.MaxRunning ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <param name="agentLimits">The agent's own.</param>
    /// <returns>What the queue has to know of a run of this agent.</returns>
    public async Task<PlanLines> Learn(Guid tenantId, string plan, Guid agentId, AgentLimits agentLimits, CancellationToken ct)
    {
        var maxConcurrency = agentLimits.MaxConcurrency;
        var flow = options.Of(plan);
        var agent = AgentLine(agentId);
        weights[tenantId] = flow.Weight;
        await using var command = sources.Engine.CreateCommand(LearnSql);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("weight", flow.Weight);
        command.Parameters.AddWithValue("agent", agent);
        command.Parameters.Add(new NpgsqlParameter("tenant_max", NpgsqlDbType.Integer) { Value = (object?)flow.MaxRunning ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("agent_max", NpgsqlDbType.Integer) { Value = (object?)(int?)maxConcurrency ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
        string?[] lines = [maxConcurrency is null ? null : agent, flow.MaxRunning is null ? null : TenantLine];
        return new PlanLines([.. lines.OfType<string>()], flow.MaxQueued)
        {
            Rate = agentLimits.Rate is { } rate ? new LineRate($"{agent}:{rate.Limit}/{rate.PerSeconds}", rate.Limit, rate.PerSeconds * 1000L, rate.Queues) : null,
        };
    }

    /// <summary>Whether the queue holds runs of this agent to a limit.</summary>
    public async Task<bool> Know(Guid tenantId, Guid agentId, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand("select exists (select from execution.flow_limits where tenant_id = @tenant and name = @agent)");
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("agent", AgentLine(agentId));
        return await command.ExecuteScalarAsync(ct) is true;
    }

    public static string AgentLine(Guid agentId) => $"agent:{agentId:n}";

    public static string TriggerLine(Guid triggerId) => $"trigger:{triggerId:n}";
}

/// <param name="Lines">The lines in which every run of the agent stands, the narrowest first; empty when nothing limits them.</param>
/// <param name="MaxQueued">How many runs of the tenant may wait.</param>
sealed record PlanLines(string[] Lines, int MaxQueued)
{
    public static readonly PlanLines None = new([], int.MaxValue);

    /// <summary>How often runs of the agent may start; null is as often as they come.</summary>
    public LineRate? Rate { get; init; }

    /// <summary>Whether nothing of this holds a run up.</summary>
    public bool AreFree => Lines.Length == 0 && Rate is null;
}

/// <param name="Queues">What is too much waits; otherwise it is refused, unless it belongs to what was accepted before.</param>
sealed record LineRate(string Key, int Limit, long Milliseconds, bool Queues);
