using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Tenants;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>
/// Deletes the steps of runs for which the tenant's plan keeps them no longer; the runs stay. A run that has not ended keeps its steps and those of
/// other runs that it stands on, since it goes on after them, and a month that was brought back keeps them for as long as it was brought back for.
/// </summary>
sealed class StepDetail(DataSources sources, TenantPlans tenants)
{
    const int Tenants = 500;

    /// <summary>Rows of one tenant in one statement: short enough to hold nothing up.</summary>
    const int Batch = 2000;

    const string Plans = "select plan, detail_days, run_days from execution.retention";

    const string Delete = """
        with needed as materialized (
          select r.tenant_id, r.step_id from execution.run_queue q join execution.run_reused_steps r on r.tenant_id = q.tenant_id and r.run_id = q.run_id
          where q.tenant_id = any(@tenants)
        ), old as materialized (
          select o.tenant_id, o.id from unnest(@tenants, @days) as t (tenant_id, days)
          cross join lateral (
            select s.tenant_id, s.id from execution.run_steps s
            where s.tenant_id = t.tenant_id and s.id < platform.uuid_v7_floor(now() - make_interval(days => t.days))
              and not exists (select from execution.run_queue q where q.tenant_id = s.tenant_id and q.run_id = s.run_id)
              and not exists (select from needed n where n.tenant_id = s.tenant_id and n.step_id = s.id)
              and not exists (
                select from platform.archives a
                where a.table_name = 'execution.run_steps' and a.keep_until > now()
                  and s.id >= platform.uuid_v7_floor(a.month::timestamp at time zone 'UTC')
                  and s.id < platform.uuid_v7_floor((a.month + interval '1 month') at time zone 'UTC'))
            order by s.id limit @batch) o
        )
        delete from execution.run_steps s using old where s.tenant_id = old.tenant_id and s.id = old.id
        """;

    /// <summary>What models called has the same details as the steps that did it.</summary>
    const string DeleteTools = """
        with old as materialized (
          select o.tenant_id, o.id from unnest(@tenants, @days) as t (tenant_id, days)
          cross join lateral (
            select c.tenant_id, c.id from execution.tool_executions c
            where c.tenant_id = t.tenant_id and c.id < platform.uuid_v7_floor(now() - make_interval(days => t.days))
              and not exists (select from execution.run_queue q where q.tenant_id = c.tenant_id and q.run_id = c.run_id)
              and not exists (
                select from platform.archives a
                where a.table_name = 'execution.tool_executions' and a.keep_until > now()
                  and c.id >= platform.uuid_v7_floor(a.month::timestamp at time zone 'UTC')
                  and c.id < platform.uuid_v7_floor((a.month + interval '1 month') at time zone 'UTC'))
            order by c.id limit @batch) o
        )
        delete from execution.tool_executions c using old where c.tenant_id = old.tenant_id and c.id = old.id
        """;

    public async Task<IReadOnlyDictionary<string, PlanRetention>> ReadPlans(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(Plans);
        var plans = new Dictionary<string, PlanRetention>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            plans[reader.GetString(0)] = new PlanRetention(reader.GetInt32(1), reader.GetInt32(2));
        }

        return plans;
    }

    /// <returns>How many steps were deleted.</returns>
    public async Task<long> DeleteOld(IReadOnlyDictionary<string, PlanRetention> plans, CancellationToken ct)
    {
        var total = 0L;
        var after = Guid.Empty;
        while (await tenants.Page(after, Tenants, ct) is { Count: > 0 } page)
        {
            after = page[^1].TenantId;
            var known = page.Where(tenant => plans.ContainsKey(tenant.Plan)).ToList();
            int deleted;
            do
            {
                deleted = await DeleteSome(Delete, known, plans, ct);
                total += deleted;
            }
            while (deleted >= Batch);

            while (await DeleteSome(DeleteTools, known, plans, ct) >= Batch)
            {
            }
        }

        return total;
    }

    async Task<int> DeleteSome(string sql, List<TenantPlan> page, IReadOnlyDictionary<string, PlanRetention> plans, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(sql);
        command.CommandTimeout = 300;
        command.Parameters.Add(new NpgsqlParameter("tenants", NpgsqlDbType.Uuid | NpgsqlDbType.Array) { Value = page.ConvertAll(tenant => tenant.TenantId) });
        command.Parameters.Add(new NpgsqlParameter("days", NpgsqlDbType.Integer | NpgsqlDbType.Array) { Value = page.ConvertAll(tenant => plans[tenant.Plan].DetailDays) });
        command.Parameters.AddWithValue("batch", Batch);
        return await command.ExecuteNonQueryAsync(ct);
    }
}

/// <param name="DetailDays">For which the steps of a run are kept.</param>
/// <param name="RunDays">For which the run itself is.</param>
sealed record PlanRetention(int DetailDays, int RunDays);
