using System.Text;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Takes queued runs, fair by tenant before first-come: each claim goes round the tenants that have something to be taken, one index entry
/// each, and gives every one its share by weight; what a tenant leaves goes to the others. Within a tenant the higher priority goes first, then
/// the older run. So a claim costs by how many runs it takes, and not by how many wait.
/// </summary>
sealed class FairClaim(DataSources sources)
{
    /// <summary>
    /// Shares are whole runs, so what is left of them is given out by lot, with the fractions as chances: over many claims even a claim for a
    /// single run is fair by weight, and nothing has to be remembered.
    /// </summary>
    const string ClaimSql = """
        with recursive ring (tenant_id, wrapped, n) as (
          select @after, false, 0
          union all
          select n.tenant_id, n.wrapped, r.n + 1 from ring r cross join lateral (
            (select q.tenant_id, r.wrapped from execution.run_queue q
              where q.lease_owner is null and not q.parked and q.gate is null and q.tenant_id > r.tenant_id and (not r.wrapped or q.tenant_id <= @after)
              order by q.tenant_id limit 1)
            union all
            (select q.tenant_id, true from execution.run_queue q
              where q.lease_owner is null and not q.parked and q.gate is null and not r.wrapped and q.tenant_id <= @after
              order by q.tenant_id limit 1)
            limit 1) n
        ), tenants as materialized (
          select tenant_id, n from ring where n > 0 limit greatest(@count, 32)
        ), shares as materialized (
          select t.tenant_id, coalesce(f.weight, 1)::float8 / sum(coalesce(f.weight, 1)) over () * @count as share, have.runs
          from tenants t
          left join execution.flow_tenants f on f.tenant_id = t.tenant_id
          cross join lateral (
            select count(*)::int as runs from (
              select from execution.run_queue q
              where q.tenant_id = t.tenant_id and q.lease_owner is null and not q.parked and q.gate is null and q.available_at <= now()
              limit greatest(4 * @count / (select count(*) from tenants), 8)) few) have
        ), drawn as (
          select tenant_id, runs, floor(share)::int as whole, row_number() over (order by -ln(1 - random()) / nullif(share - floor(share), 0) nulls last) as lot,
            @count - sum(floor(share)::int) over () as rest
          from shares
        ), fair as (
          select tenant_id, runs, lot, least(runs, whole + (lot <= rest)::int) as take from drawn
        ), quotas as materialized (
          select tenant_id, take + greatest(0, least(runs - take, @count - sum(take) over () - coalesce(sum(runs - take) over (order by lot rows between unbounded preceding and 1 preceding), 0)))::int as take
          from fair
        ), waiting as materialized (
          select w.tenant_id, w.run_id from quotas t cross join lateral (
            select q.tenant_id, q.run_id from execution.run_queue q
            where q.tenant_id = t.tenant_id and q.lease_owner is null and not q.parked and q.gate is null and q.available_at <= now()
            order by q.priority desc, q.available_at, q.run_id limit t.take
            for update skip locked) w
        ), taken as (
          update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1 from waiting w
          where q.tenant_id = w.tenant_id and q.run_id = w.run_id
          returning q.tenant_id, q.run_id, q.attempt, q.lost_workers, q.active_ms, q.wakes, q.cancel_requested, q.pause_requested
        )
        update execution.runs r set status = 'running', attempt = t.attempt, started_at = coalesce(r.started_at, now()) from taken t
        where r.tenant_id = t.tenant_id and r.id = t.run_id and r.status in ('queued', 'running', 'waiting', 'paused')
        returning r.tenant_id, r.id, r.attempt, t.lost_workers, r.agent_id, r.agent_version_id, r.trigger_source, r.input::text, r.queued_at, r.started_at, r.deadline_at,
          t.active_ms, t.wakes, t.cancel_requested, t.pause_requested, r.config::text, r.parent_run_id, r.root_run_id, r.lineage, r.detached,
          (select tenant_id from tenants order by n desc limit 1), r.reuses
        """;

    /// <summary>Where the next round begins, so that of more tenants than one claim can serve each has its turn.</summary>
    Guid after;

    public async Task<IReadOnlyList<ClaimedRun>> Claim(NodeIdentity node, int count, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(ClaimSql, connection);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("after", after);
        var claimed = new List<ClaimedRun>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            after = reader.GetGuid(20);
            claimed.Add(Read(reader));
        }

        return claimed;
    }

    static ClaimedRun Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), Utf8(reader, 7)!,
        Instant(reader, 8), reader.GetInt32(2) > 1 ? Instant(reader, 9) : null, reader.GetValue(10) is DateTime deadline ? new DateTimeOffset(deadline, TimeSpan.Zero) : null,
        TimeSpan.FromMilliseconds(reader.GetInt64(11)), reader.GetInt32(12), reader.GetBoolean(13), reader.GetBoolean(14), Utf8(reader, 15),
        reader.GetValue(16) is Guid parent ? new RunFamily(parent, reader.GetGuid(17), reader.GetFieldValue<Guid[]>(18), reader.GetBoolean(19)) : null, reader.GetBoolean(21));

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static byte[]? Utf8(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string text ? Encoding.UTF8.GetBytes(text) : null;
}
