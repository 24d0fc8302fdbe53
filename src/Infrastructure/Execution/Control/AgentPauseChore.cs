using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>
/// Brings the runs of an agent to what was said of it: parks them, or lets them go on, a batch in each transaction. The agent's row is locked
/// meanwhile, so that a pause and a resume in quick succession cannot be worked off at once, on however many nodes.
/// </summary>
sealed class AgentPauseChore(DataSources sources) : IChore
{
    const int Batch = 500;

    const string NextSql = """
        select tenant_id, agent_id, state from execution.paused_agents where state <> 'paused' order by updated_at limit 1 for no key update skip locked
        """;

    /// <summary>
    /// Waits for everybody who put runs into the queue without having seen the change; whoever comes later sees it. Given back at once:
    /// runs of other agents are not held up for longer than one commit.
    /// </summary>
    const string BarrierSql = "select pg_advisory_lock(7205759403792806), pg_advisory_unlock(7205759403792806)";

    /// <summary>A run that somebody else is changing is left for the next time instead of waited for: whoever ends a run rings its parent, so waiting could be mutual.</summary>
    const string PauseSql = """
        with found as materialized (
          select q.tenant_id, q.run_id, q.lease_owner is not null as held
          from execution.run_queue q join execution.runs r on r.tenant_id = q.tenant_id and r.id = q.run_id
          where q.tenant_id = @tenant and not q.pause_requested and r.agent_id = @agent
          limit @batch
          for update of q skip locked
        ), asked as (
          update execution.run_queue q
          set pause_requested = true, paused_with_agent = true, parked = not f.held,
            available_at = case when f.held then q.available_at else 'infinity' end
          from found f where q.tenant_id = f.tenant_id and q.run_id = f.run_id
          returning q.tenant_id, q.run_id, f.held
        ), shown as (
          update execution.runs r set status = 'paused' from asked a
          where not a.held and r.tenant_id = a.tenant_id and r.id = a.run_id and r.status in ('queued', 'running', 'waiting')
        )
        select run_id, held from asked
        """;

    const string ResumeSql = """
        with found as materialized (
          select tenant_id, run_id, lease_owner is not null as held from execution.run_queue
          where tenant_id = @tenant and paused_with_agent and run_id in (select id from execution.runs where tenant_id = @tenant and agent_id = @agent)
          limit @batch
          for update skip locked
        ), asked as (
          update execution.run_queue q
          set pause_requested = false, paused_with_agent = false, parked = false, available_at = case when f.held then q.available_at else now() end
          from found f where q.tenant_id = f.tenant_id and q.run_id = f.run_id
          returning q.tenant_id, q.run_id, f.held
        ), shown as (
          update execution.runs r set status = 'queued' from asked a
          where not a.held and r.tenant_id = a.tenant_id and r.id = a.run_id and r.status = 'paused'
        )
        select run_id, held from asked
        """;

    const string LeftSql = """
        select exists (
          select from execution.run_queue q join execution.runs r on r.tenant_id = q.tenant_id and r.id = q.run_id
          where q.tenant_id = @tenant and r.agent_id = @agent and case when @pausing then not q.pause_requested else q.paused_with_agent end)
        """;

    const string LaterSql = "update execution.paused_agents set updated_at = now() where tenant_id = @tenant and agent_id = @agent";

    const string RingSql = "select execution.ring(@tenant, id) from unnest(@ids) id";

    const string PausedSql = "update execution.paused_agents set state = 'paused', updated_at = now() where tenant_id = @tenant and agent_id = @agent";

    const string ResumedSql = "delete from execution.paused_agents where tenant_id = @tenant and agent_id = @agent";

    const string TellSql = "select pg_notify('runs_queued', ''), pg_notify('agents_changed', @tenant || ':' || @agent)";

    public async Task<bool> DoSome(CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await Next(connection, ct) is not { } agent)
        {
            return false;
        }

        var pausing = agent.State == "pausing";
        await Execute(connection, BarrierSql, agent, ct);
        var (moved, held) = await Move(connection, pausing ? PauseSql : ResumeSql, agent, ct);
        if (held.Count > 0)
        {
            await Execute(connection, RingSql, agent, ct, held);
        }

        var more = moved > 0;
        if (!more)
        {
            await Execute(connection, await IsLeft(connection, agent, pausing, ct) ? LaterSql : pausing ? PausedSql : ResumedSql, agent, ct);
        }

        if (!pausing)
        {
            await Execute(connection, TellSql, agent, ct);
        }

        await transaction.CommitAsync(ct);
        return more;
    }

    static async Task<bool> IsLeft(NpgsqlConnection connection, Agent agent, bool pausing, CancellationToken ct)
    {
        await using var command = Command(connection, LeftSql, agent);
        command.Parameters.AddWithValue("pausing", pausing);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task<Agent?> Next(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NextSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Agent(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)) : null;
    }

    static async Task<(int All, List<Guid> Held)> Move(NpgsqlConnection connection, string sql, Agent agent, CancellationToken ct)
    {
        await using var command = Command(connection, sql, agent);
        command.Parameters.AddWithValue("batch", Batch);
        var (all, held) = (0, new List<Guid>());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            all++;
            if (reader.GetBoolean(1))
            {
                held.Add(reader.GetGuid(0));
            }
        }

        return (all, held);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, Agent agent, CancellationToken ct, List<Guid>? ids = null)
    {
        await using var command = Command(connection, sql, agent);
        if (ids is not null)
        {
            command.Parameters.AddWithValue("ids", ids);
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Agent agent)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("tenant", agent.TenantId);
        command.Parameters.AddWithValue("agent", agent.AgentId);
        return command;
    }

    sealed record Agent(Guid TenantId, Guid AgentId, string State);
}
