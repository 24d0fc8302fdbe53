using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution;

sealed class TriggerStore(Db db, CallContext call, SecretBox box) : ITriggers
{
    public const string SecretPurpose = "webhook_secret";

    const string FindSql = $"select {TriggerSql.Columns} from execution.triggers where tenant_id = @tenant and id = @id";

    const string AddSql = """
        insert into execution.triggers
          (tenant_id, id, agent_id, name, kind, webhook_path, webhook_secret, signature, cron, time_zone, misfire, next_fire_at, topic, input, version_id, created_by)
        values (@tenant, @id, @agent, @name, @kind, @path, @secret, @signature, @cron, @zone, @misfire, @next, @topic, @input::jsonb, @version, @creator)
        """;

    const string UpdateSql = $"""
        update execution.triggers
        set name = @name, input = @input::jsonb, version_id = @version, topic = @topic, cron = coalesce(@cron, cron), time_zone = coalesce(@zone, time_zone),
          misfire = coalesce(@misfire, misfire), updated_at = now(),
          next_fire_at = case when (@cron, @zone) is distinct from (cron, time_zone) then coalesce(@next, next_fire_at) else coalesce(next_fire_at, @next) end
        where tenant_id = @tenant and id = @id and (@seen::timestamptz is null or updated_at = @seen)
        returning {TriggerSql.Columns}
        """;

    const string EnableSql = $"""
        update execution.triggers set is_enabled = @enabled, next_fire_at = coalesce(next_fire_at, @next), updated_at = now()
        where tenant_id = @tenant and id = @id
        returning {TriggerSql.Columns}
        """;

    const string RotateSql = $"""
        update execution.triggers
        set previous_secret = webhook_secret, previous_secret_expires_at = now() + @grace, webhook_secret = @secret, updated_at = now()
        where tenant_id = @tenant and id = @id
        returning {TriggerSql.Columns}
        """;

    const string DeleteSql = "delete from execution.triggers where tenant_id = @tenant and id = @id";

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
            }, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "triggers_path_key" })
        {
            return false;
        }

        await Tell(trigger.Id, ct);
        return true;
    }

    public Task<TriggerView?> Update(Guid id, TriggerFields fields, DateTimeOffset? seen, CancellationToken ct) =>
        Change(id, UpdateSql, new
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
        }, ct);

    public Task<TriggerView?> SetEnabled(Guid id, bool isEnabled, DateTimeOffset? nextFireAt, CancellationToken ct) =>
        Change(id, EnableSql, new { tenant = call.Tenant, id, enabled = isEnabled, next = nextFireAt }, ct);

    public Task<TriggerView?> RotateSecret(Guid id, byte[] key, TimeSpan grace, CancellationToken ct) =>
        Change(id, RotateSql, new { tenant = call.Tenant, id, grace, secret = Seal(id, key) }, ct);

    public async Task<bool> Delete(Guid id, CancellationToken ct)
    {
        var deleted = await db.Execute(DeleteSql, new { tenant = call.Tenant, id }, ct) == 1;
        await Tell(id, ct);
        return deleted;
    }

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
