using System.Text;
using AgentPlatform.Infrastructure.Execution.Engine;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// The end of every claim: the rows that were locked are leased to the node, and their runs begin. A run that is known to be brief is over before anybody could
/// see that it runs: it is only read, and its beginning is stored with its end.
/// </summary>
static class Leasing
{
    /// <summary>
    /// Goes on after a common table <c>waiting (tenant_id, run_id, place)</c>, the last the row's <c>ctid</c>, and ends with one that is called <c>claimed</c>.
    /// </summary>
    public const string Sql = $"""
        taken as (
          update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1, announced_at = null from waiting w
          where q.ctid = w.place
          returning {Taken}
        ), {Begun}, claimed as (
          select * from begun
          union all
          select {Facts} {OnlyRead}
        )
        """;

    /// <summary>
    /// As <see cref="Sql"/>, but fresh runs that are brief are not leased: they stay locked by this transaction, and have their <c>place</c>; those that are leased
    /// have none. A run that another node noted before it was lost is leased, so that it is counted what becomes of it.
    /// </summary>
    public const string LockingSql = $"""
        suspects as materialized (
          select unnest(t.run_ids) as run_id from execution.trials t where t.node_id < @node
          union all
          select unnest(t.run_ids) from execution.trials t where t.node_id > @node
        ), locked as materialized (
          select {Facts}, w.place::text as place from waiting w
          join execution.runs r on r.tenant_id = w.tenant_id and r.id = w.run_id
          cross join (values (1, 0, 0::bigint, 0, false, false)) t (attempt, lost_workers, active_ms, wakes, cancel_requested, pause_requested)
          where w.is_fresh and r.agent_version_id = any(@brief) and r.status = 'queued' and not r.reuses and w.run_id not in (select s.run_id from suspects s)
        ), taken as (
          update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1, announced_at = null from waiting w
          where q.ctid = w.place and w.run_id not in (select l.id from locked l)
          returning {Taken}
        ), {Begun}, claimed as (
          select *, null::text as place from begun
          union all
          select {Facts}, null::text {OnlyRead}
          union all
          select * from locked
        )
        """;

    const string Facts = """
        r.tenant_id, r.id, r.attempt, t.attempt as claimed_as, t.lost_workers, r.agent_id, r.agent_version_id, r.trigger_source, r.input::text, r.queued_at, r.started_at,
            r.deadline_at, t.active_ms, t.wakes, t.cancel_requested, t.pause_requested, r.config::text, r.parent_run_id, r.root_run_id, r.lineage, r.detached,
            r.trace_parent, r.reuses, r.created_by, r.api_key_id, r.conversation_id
        """;

    const string Taken = "q.tenant_id, q.run_id, q.attempt, q.lost_workers, q.active_ms, q.wakes, q.cancel_requested, q.pause_requested";

    const string Begun = $"""
        begun as (
          update execution.runs r set status = 'running', attempt = t.attempt, started_at = coalesce(r.started_at, now()) from taken t
          where r.tenant_id = t.tenant_id and r.id = t.run_id and r.status in ('queued', 'running', 'waiting', 'paused')
            and not (t.attempt = 1 and r.agent_version_id = any(@brief))
          returning {Facts}
        ), noted as (
          insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
          select tenant_id, agent_id, array['running'], array_agg(id) from begun group by tenant_id, agent_id
        )
        """;

    const string OnlyRead = """
        from taken t join execution.runs r on r.tenant_id = t.tenant_id and r.id = t.run_id
        where t.attempt = 1 and r.agent_version_id = any(@brief) and r.status = 'queued'
        """;

    /// <param name="hasPlace">Whether it was <see cref="LockingSql"/>.</param>
    public static ClaimedRun Read(NpgsqlDataReader reader, bool hasPlace = false) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(3), reader.GetInt32(4), reader.GetGuid(5), reader.GetGuid(6), reader.GetString(7), Utf8(reader, 8)!,
        Instant(reader, 9), reader.GetInt32(3) > 1 ? Instant(reader, 10) : null, reader.GetValue(11) is DateTime deadline ? new DateTimeOffset(deadline, TimeSpan.Zero) : null,
        TimeSpan.FromMilliseconds(reader.GetInt64(12)), reader.GetInt32(13), reader.GetBoolean(14), reader.GetBoolean(15), Utf8(reader, 16),
        reader.GetValue(17) is Guid parent ? new RunFamily(parent, reader.GetGuid(18), reader.GetFieldValue<Guid[]>(19), reader.GetBoolean(20)) : null,
        reader.GetValue(21) as string, reader.GetBoolean(22), new RunAsker(reader.GetValue(23) as Guid?, reader.GetValue(24) as Guid?, reader.GetValue(25) as Guid?),
        IsStoredAsBegun: reader.GetInt32(2) == reader.GetInt32(3))
    {
        Place = hasPlace ? reader.GetValue(26) as string : null,
    };

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static byte[]? Utf8(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string text ? Encoding.UTF8.GetBytes(text) : null;
}
