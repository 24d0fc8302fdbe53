namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>The order in which runs that wait have their turn, fair by tenant before first-come; for those who take them and those who announce them.</summary>
static class FairOrder
{
    /// <summary>
    /// The three begin a statement that locks up to <c>@count</c> runs as <c>waiting (tenant_id, run_id, place, is_fresh)</c>, going round from the tenant behind
    /// <c>@after</c>; tenants among <c>@crowding</c> have no turn. Between them stands, twice the same, what else the row <c>q</c> has to fulfil, or nothing.
    /// </summary>
    public const string Ring = """
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
          select tenant_id, n from ring where n > 0 and tenant_id <> all(@crowding) limit greatest(@count, 32)
        ), shares as materialized (
          select t.tenant_id, coalesce(f.weight, 1)::float8 / sum(coalesce(f.weight, 1)) over () * @count as share, have.runs
          from tenants t
          left join execution.flow_tenants f on f.tenant_id = t.tenant_id
          cross join lateral (
            select count(*)::int as runs from (
              select from execution.run_queue q
              where q.tenant_id = t.tenant_id and q.lease_owner is null and not q.parked and q.gate is null and q.available_at <= now()
        """;

    /// <summary>
    /// Shares are whole runs, so what is left of them is given out by lot, with the fractions as chances: over many claims even a claim for a
    /// single run is fair by weight, and nothing has to be remembered.
    /// </summary>
    public const string Shares = """
              limit least(@count, greatest(4 * @count / (select count(*) from tenants), 8))) few) have
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
          select w.tenant_id, w.run_id, w.place, w.is_fresh from quotas t cross join lateral (
            select q.tenant_id, q.run_id, q.ctid as place, q.attempt = 0 and q.lost_workers = 0 and not q.cancel_requested and not q.pause_requested as is_fresh
            from execution.run_queue q
            where q.tenant_id = t.tenant_id and q.lease_owner is null and not q.parked and q.gate is null and q.available_at <= now()
        """;

    public const string Turns = """
            order by q.priority desc, q.available_at, q.run_id limit t.take
            for update skip locked) w
        )
        """;

    /// <summary>Ends such a statement's select list: where the next round begins, so that of more tenants than one claim can serve each has its turn.</summary>
    public const string Next = "(select tenant_id from tenants order by n desc limit 1)";
}
