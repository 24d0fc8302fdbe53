using System.Text;
using AgentPlatform.Infrastructure.Execution.Engine;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>The end of every claim: the rows that were locked are leased to the node, and their runs read.</summary>
static class Leasing
{
    /// <summary>Goes on after a common table <c>waiting (tenant_id, run_id)</c>; more columns may follow it.</summary>
    public const string Sql = """
        taken as (
          update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1, announced_at = null from waiting w
          where q.tenant_id = w.tenant_id and q.run_id = w.run_id
          returning q.tenant_id, q.run_id, q.attempt, q.lost_workers, q.active_ms, q.wakes, q.cancel_requested, q.pause_requested
        )
        update execution.runs r set status = 'running', attempt = t.attempt, started_at = coalesce(r.started_at, now()) from taken t
        where r.tenant_id = t.tenant_id and r.id = t.run_id and r.status in ('queued', 'running', 'waiting', 'paused')
        returning r.tenant_id, r.id, r.attempt, t.lost_workers, r.agent_id, r.agent_version_id, r.trigger_source, r.input::text, r.queued_at, r.started_at, r.deadline_at,
          t.active_ms, t.wakes, t.cancel_requested, t.pause_requested, r.config::text, r.parent_run_id, r.root_run_id, r.lineage, r.detached,
          r.trace_parent, r.reuses, r.created_by, r.api_key_id
        """;

    /// <summary>How many columns <see cref="Sql"/> has.</summary>
    public const int Columns = 24;

    public static ClaimedRun Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), Utf8(reader, 7)!,
        Instant(reader, 8), reader.GetInt32(2) > 1 ? Instant(reader, 9) : null, reader.GetValue(10) is DateTime deadline ? new DateTimeOffset(deadline, TimeSpan.Zero) : null,
        TimeSpan.FromMilliseconds(reader.GetInt64(11)), reader.GetInt32(12), reader.GetBoolean(13), reader.GetBoolean(14), Utf8(reader, 15),
        reader.GetValue(16) is Guid parent ? new RunFamily(parent, reader.GetGuid(17), reader.GetFieldValue<Guid[]>(18), reader.GetBoolean(19)) : null,
        reader.GetValue(20) as string, reader.GetBoolean(21), new RunAsker(reader.GetValue(22) as Guid?, reader.GetValue(23) as Guid?));

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static byte[]? Utf8(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string text ? Encoding.UTF8.GetBytes(text) : null;
}
