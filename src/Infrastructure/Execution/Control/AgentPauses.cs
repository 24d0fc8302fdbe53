using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>
/// The word that an agent stands still. From its commit on, a trigger parks every run of the agent that comes into the queue; those that
/// were there before are parked by <see cref="AgentPauseChore"/>.
/// </summary>
sealed class AgentPauses(Db db, CallContext call) : IAgentPauses
{
    const string Columns = "agent_id, state, reason, paused_by, updated_at as since";

    const string PauseSql = $"""
        insert into execution.paused_agents as p (tenant_id, agent_id, reason, paused_by) values (@tenant, @agent, @reason, @user)
        on conflict (tenant_id, agent_id) do update
          set state = 'pausing', reason = excluded.reason, paused_by = excluded.paused_by, updated_at = now() where p.state = 'resuming'
        returning {Columns}
        """;

    const string ResumeSql = $"""
        update execution.paused_agents set state = 'resuming', updated_at = now() where tenant_id = @tenant and agent_id = @agent and state <> 'resuming'
        returning {Columns}
        """;

    const string FindSql = $"select {Columns} from execution.paused_agents where tenant_id = @tenant and agent_id = @agent";

    /// <summary>Sent with the commit: nodes forget what they knew of the tenant's agents, and see to the runs.</summary>
    const string TellSql = "select pg_notify('agents_changed', @payload), pg_notify('chores', '')";

    public Task<AgentPauseView?> Pause(Guid agent, string? reason, CancellationToken ct) =>
        Change(PauseSql, new { tenant = call.Tenant, agent, reason, user = call.UserId }, agent, ct);

    public Task<AgentPauseView?> Resume(Guid agent, CancellationToken ct) => Change(ResumeSql, new { tenant = call.Tenant, agent }, agent, ct);

    public Task<AgentPauseView?> Find(Guid agent, CancellationToken ct) => db.One<AgentPauseView>(FindSql, new { tenant = call.Tenant, agent }, ct);

    async Task<AgentPauseView?> Change(string sql, object args, Guid agent, CancellationToken ct)
    {
        var changed = await db.One<AgentPauseView>(sql, args, ct);
        if (changed is not null)
        {
            await db.Query<string>(TellSql, new { payload = $"{call.Tenant}:{agent}" }, ct);
        }

        return changed;
    }
}
