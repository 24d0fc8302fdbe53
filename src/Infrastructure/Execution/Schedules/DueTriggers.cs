using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>A trigger whose time has come.</summary>
/// <param name="Input">Its input mapping, as JSON.</param>
sealed record DueTrigger(
    Guid TenantId, Guid Id, Guid AgentId, Guid? VersionId, string Name, string Cron, string TimeZone, string Misfire, DateTimeOffset FireAt, string? Input, string? Flow);

/// <summary>What became of it.</summary>
/// <param name="Next">Null sets it aside until somebody changes it.</param>
/// <param name="Fired">The last time that got a run.</param>
/// <param name="Skipped">The last time that got none.</param>
sealed record HandledTrigger(DueTrigger Trigger, DateTimeOffset? Next, DateTimeOffset? Fired, DateTimeOffset? Skipped, string? SkipReason);

/// <summary>
/// Triggers that are due, locked for as long as their runs are being stored, so that several nodes take different ones. The lock is for sharing the
/// work, not for exactness: a node that dies after its runs were stored and before this is committed leaves triggers that fire again,
/// and the key of each fire makes that the same run.
/// </summary>
sealed class DueTriggers(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, IReadOnlyList<DueTrigger> triggers) : IAsyncDisposable
{
    const string TakeSql = $"""
        select t.tenant_id, t.id, t.agent_id, t.version_id, t.name, t.cron, t.time_zone, t.misfire, w.next_fire_at, t.input::text, now(), {TriggerFlows.Column}
        from execution.trigger_times w join execution.triggers t on t.tenant_id = w.tenant_id and t.id = w.trigger_id
        where w.is_enabled and w.next_fire_at <= now()
        order by w.next_fire_at limit @count
        for no key update of w skip locked
        """;

    const string MoveSql = """
        update execution.trigger_times w
        set next_fire_at = g.next, last_fired_at = coalesce(g.fired, w.last_fired_at), last_skipped_at = coalesce(g.skipped, w.last_skipped_at),
          skip_reason = coalesce(g.reason, w.skip_reason)
        from unnest(@tenants, @ids, @nexts, @fireds, @skippeds, @reasons) as g (tenant_id, id, next, fired, skipped, reason)
        where w.tenant_id = g.tenant_id and w.trigger_id = g.id
        """;

    /// <summary>The database's clock when they were taken.</summary>
    public DateTimeOffset Now => now;

    public IReadOnlyList<DueTrigger> Triggers => triggers;

    public static async Task<DueTriggers> Take(DataSources sources, int count, CancellationToken ct)
    {
        var connection = await sources.Writer.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct);
            var (now, triggers) = await Read(connection, count, ct);
            return new DueTriggers(connection, transaction, now, triggers);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task Move(IReadOnlyList<HandledTrigger> handled, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(MoveSql, connection);
        var columns = new Columns(command.Parameters, handled.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => handled[i].Trigger.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => handled[i].Trigger.Id);
        columns.Add("nexts", NpgsqlDbType.TimestampTz, i => handled[i].Next?.UtcDateTime);
        columns.Add("fireds", NpgsqlDbType.TimestampTz, i => handled[i].Fired?.UtcDateTime);
        columns.Add("skippeds", NpgsqlDbType.TimestampTz, i => handled[i].Skipped?.UtcDateTime);
        columns.Add("reasons", NpgsqlDbType.Text, i => handled[i].SkipReason);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    static async Task<(DateTimeOffset Now, List<DueTrigger> Triggers)> Read(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.AddWithValue("count", count);
        var triggers = new List<DueTrigger>();
        var now = default(DateTimeOffset);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            now = Instant(reader, 10);
            triggers.Add(new DueTrigger(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetValue(3) as Guid?, reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7),
                Instant(reader, 8), reader.GetValue(9) as string, reader.GetValue(11) as string));
        }

        return (now, triggers);
    }

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);
}
