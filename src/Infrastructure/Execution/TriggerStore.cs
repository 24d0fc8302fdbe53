using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution;

sealed class TriggerStore(Db db, CallContext call, SecretBox box) : ITriggers
{
    public const string SecretPurpose = "webhook_secret";

    const string FindSql = $"select {TriggerSql.Columns} from {TriggerSql.From} where t.tenant_id = @tenant and t.id = @id";

    const string AddSql = """
        with added as (
          insert into execution.triggers
            (tenant_id, id, agent_id, name, kind, webhook_path, webhook_secret, signature, cron, time_zone, misfire, topic, input, version_id, created_by,
            concurrency, max_concurrency, concurrency_key, debounce_ms, debounce_max_ms, debounce_key, rate_limit)
          values (@tenant, @id, @agent, @name, @kind, @path, @secret, @signature, @cron, @zone, @misfire, @topic, @input::jsonb, @version, @creator,
            @concurrency, @max, @concurrency_key, @debounce, @debounce_max, @debounce_key, @rate::jsonb)
          returning tenant_id, id, is_enabled
        )
        insert into execution.trigger_times (tenant_id, trigger_id, is_enabled, next_fire_at) select tenant_id, id, is_enabled, @next from added
        """;

    const string UpdateSql = $"""
        with old as materialized (
          select tenant_id, id, cron, time_zone from execution.triggers
          where tenant_id = @tenant and id = @id and (@seen::timestamptz is null or updated_at = @seen) for no key update
        ), t as (
          update execution.triggers t
          set name = @name, input = @input::jsonb, version_id = @version, topic = @topic, cron = coalesce(@cron, t.cron), time_zone = coalesce(@zone, t.time_zone),
            misfire = coalesce(@misfire, t.misfire), updated_at = now(), concurrency = @concurrency, max_concurrency = @max, concurrency_key = @concurrency_key,
            debounce_ms = @debounce, debounce_max_ms = @debounce_max, debounce_key = @debounce_key, rate_limit = @rate::jsonb
          from old where t.tenant_id = old.tenant_id and t.id = old.id
          returning t.*
        ), w as (
          update execution.trigger_times w
          set next_fire_at = case when (@cron, @zone) is distinct from (old.cron, old.time_zone) then coalesce(@next, w.next_fire_at) else coalesce(w.next_fire_at, @next) end
          from old where w.tenant_id = old.tenant_id and w.trigger_id = old.id
          returning w.*
        )
        select {TriggerSql.Columns} from t, w
        """;

    const string EnableSql = $"""
        with t as (
          update execution.triggers set is_enabled = @enabled, updated_at = now() where tenant_id = @tenant and id = @id returning *
        ), w as (
          update execution.trigger_times w set is_enabled = t.is_enabled, next_fire_at = coalesce(w.next_fire_at, @next)
          from t where w.tenant_id = t.tenant_id and w.trigger_id = t.id
          returning w.*
        )
        select {TriggerSql.Columns} from t, w
        """;

    const string RotateSql = $"""
        update execution.triggers t
        set previous_secret = webhook_secret, previous_secret_expires_at = now() + @grace, webhook_secret = @secret, updated_at = now()
        from execution.trigger_times w
        where t.tenant_id = @tenant and t.id = @id and w.tenant_id = t.tenant_id and w.trigger_id = t.id
        returning {TriggerSql.Columns}
        """;

    const string DeleteSql = "delete from execution.triggers where tenant_id = @tenant and id = @id";

    const string LimitSql = """
        insert into execution.flow_limits as l (tenant_id, name, max_running, policy) values (@tenant, @line, @max, @policy)
        on conflict (tenant_id, name) do update set max_running = excluded.max_running, policy = excluded.policy
        where (l.max_running, l.policy) <> (excluded.max_running, excluded.policy)
        """;

    const string UnlimitSql = "delete from execution.flow_limits where tenant_id = @tenant and name = @line";

    const string TellSql = "select pg_notify('triggers_changed', @payload)";

    public Task<TriggerView?> Find(Guid id, CancellationToken ct) => db.One<TriggerView>(FindSql, new { tenant = call.Tenant, id }, ct);

    public Task<DateTimeOffset> Now(CancellationToken ct) => db.One<DateTimeOffset>("select clock_timestamp()", ct: ct);

    public async Task<bool> Add(NewTrigger trigger, CancellationToken ct)
    {
        try
        {
            await db.Execute(AddSql, new
            {
                tenant = call.Tenant,
                id = trigger.Id,
                agent = trigger.AgentId,
                name = trigger.Fields.Name,
                kind = trigger.Kind,
                path = trigger.Path,
                secret = trigger.Key is null ? null : Seal(trigger.Id, trigger.Key),
                signature = trigger.Signature?.ToText(),
                cron = trigger.Fields.Schedule?.Cron,
                zone = trigger.Fields.Schedule?.TimeZone,
                misfire = trigger.Fields.Schedule?.Misfire.ToText(),
                next = trigger.Fields.Schedule?.NextFireAt,
                topic = trigger.Fields.Topic,
                input = Text(trigger.Fields.Input),
                version = trigger.Fields.VersionId,
                creator = trigger.CreatedBy,
                concurrency = trigger.Fields.Flow.Concurrency,
                max = trigger.Fields.Flow.MaxConcurrency,
                concurrency_key = trigger.Fields.Flow.ConcurrencyKey,
                debounce = trigger.Fields.Flow.DebounceMs,
                debounce_max = trigger.Fields.Flow.DebounceMaxMs,
                debounce_key = trigger.Fields.Flow.DebounceKey,
                rate = trigger.Fields.Flow.RateLimit?.Write(),
            }, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "triggers_path_key" })
        {
            return false;
        }

        await Limit(trigger.Id, trigger.Fields.Flow, ct);
        await Tell(trigger.Id, ct);
        return true;
    }

    public async Task<TriggerView?> Update(Guid id, TriggerFields fields, DateTimeOffset? seen, CancellationToken ct)
    {
        var flow = fields.Flow;
        await Limit(id, flow, ct);
        return await Change(id, UpdateSql, new
        {
            tenant = call.Tenant,
            id,
            name = fields.Name,
            input = Text(fields.Input),
            version = fields.VersionId,
            cron = fields.Schedule?.Cron,
            zone = fields.Schedule?.TimeZone,
            misfire = fields.Schedule?.Misfire.ToText(),
            next = fields.Schedule?.NextFireAt,
            topic = fields.Topic,
            seen,
            concurrency = flow.Concurrency,
            max = flow.MaxConcurrency,
            concurrency_key = flow.ConcurrencyKey,
            debounce = flow.DebounceMs,
            debounce_max = flow.DebounceMaxMs,
            debounce_key = flow.DebounceKey,
            rate = flow.RateLimit?.Write(),
        }, ct);
    }

    public Task<TriggerView?> SetEnabled(Guid id, bool isEnabled, DateTimeOffset? nextFireAt, CancellationToken ct) =>
        Change(id, EnableSql, new { tenant = call.Tenant, id, enabled = isEnabled, next = nextFireAt }, ct);

    public Task<TriggerView?> RotateSecret(Guid id, byte[] key, TimeSpan grace, CancellationToken ct) =>
        Change(id, RotateSql, new { tenant = call.Tenant, id, grace, secret = Seal(id, key) }, ct);

    public async Task<bool> Delete(Guid id, CancellationToken ct)
    {
        await Limit(id, new FlowSettings(), ct);
        var deleted = await db.Execute(DeleteSql, new { tenant = call.Tenant, id }, ct) == 1;
        await Tell(id, ct);
        return deleted;
    }

    /// <summary>What the queue goes by; in the same transaction as the trigger.</summary>
    Task<int> Limit(Guid id, FlowSettings flow, CancellationToken ct) => flow.LimitsRuns
        ? db.Execute(LimitSql, new { tenant = call.Tenant, line = FlowLimits.TriggerLine(id), max = flow.MaxConcurrency ?? 1, policy = flow.Concurrency }, ct)
        : db.Execute(UnlimitSql, new { tenant = call.Tenant, line = FlowLimits.TriggerLine(id) }, ct);

    async Task<TriggerView?> Change(Guid id, string sql, object args, CancellationToken ct)
    {
        var changed = await db.One<TriggerView>(sql, args, ct);
        await Tell(id, ct);
        return changed;
    }

    /// <summary>Sent with the commit: from then on no node answers by what it knew before.</summary>
    Task<IReadOnlyList<string>> Tell(Guid id, CancellationToken ct) => db.Query<string>(TellSql, new { payload = $"{call.Tenant}:{id}" }, ct);

    byte[] Seal(Guid id, byte[] key) => box.Seal(key, call.Tenant, SecretPurpose, id);

    static string? Text(JsonElement? value) => value?.GetRawText();
}
