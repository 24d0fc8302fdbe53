using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Agents;

sealed class AgentConfigStore(Db db, CallContext call, TimeProvider time) : IAgentConfigs
{
    const string Select =
        """
        select key, value, description, created_at, updated_at from agents.agent_configs
        where tenant_id = @tenant and agent_id = @agentId and not is_encrypted
        """;

    // The caches of the nodes keep an agent's settings beside its version.
    const string Notify = "select pg_notify('agents_changed', @tenant::text || ':' || @agentId::text)";

    public Task<AgentConfigView?> Find(Guid agentId, string key, CancellationToken ct) =>
        db.One<AgentConfigView>(Select + " and key = @key", new { tenant = call.Tenant, agentId, key }, ct);

    public Task<IReadOnlyList<AgentConfigView>> All(Guid agentId, CancellationToken ct) =>
        db.Query<AgentConfigView>(Select + " order by key", new { tenant = call.Tenant, agentId }, ct);

    public async Task<bool> Set(Guid agentId, string key, JsonElement value, string? description, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.agent_configs as c (tenant_id, agent_id, key, value, description, created_at, updated_at)
            select @tenant, @agentId, @key, @value::json, @description, @now, @now
            where exists (select from agents.agent_configs o where o.tenant_id = @tenant and o.agent_id = @agentId and o.key = @key)
              or (select count(*) from agents.agent_configs o where o.tenant_id = @tenant and o.agent_id = @agentId) < @most
            on conflict (tenant_id, agent_id, key) do update set value = excluded.value, description = excluded.description, updated_at = excluded.updated_at;

            """ + Notify;
        var args = new { tenant = call.Tenant, agentId, key, value, description, now = time.GetUtcNow(), most = AgentConfigRules.MaxKeys };
        return await db.Execute(sql, args, ct) > 0;
    }

    public async Task<bool> Delete(Guid agentId, string key, CancellationToken ct)
    {
        const string sql = "delete from agents.agent_configs where tenant_id = @tenant and agent_id = @agentId and key = @key;\n" + Notify;
        return await db.Execute(sql, new { tenant = call.Tenant, agentId, key }, ct) > 0;
    }
}
