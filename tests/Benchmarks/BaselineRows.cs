namespace AgentPlatform.Benchmarks;

/// <summary>
/// The rows that runs of a figure leave behind, a batch of them in as few statements as can be, by the parameters <c>@tenant</c>, <c>@ids</c> (of runs) and
/// <c>@steps</c> (three for each). The number of rows that the first statement changes is that of the runs.
/// </summary>
sealed record BaselineRows(params string[] Statements)
{
    const string Input = """'{"id":"x","title":"Disk is almost full","amount":7,"user":{"name":"Ada","plan":"pro"}}'""";

    const string Output = """'{"id":"x","text":"Ada: Disk is almost full","urgent":false}'""";

    const string Keys = """
        insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, run_id, expires_at)
        select @tenant, 'trigger:baseline', id::text, '', id, now() + interval '7 days' from unnest(@ids) as g (id)
        """;

    const string Steps = """
        insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, skill_id, skill_version_id, status, output, started_at, finished_at)
        select @tenant, g.id, g.id, 'read', 0, @tenant, @tenant, 'succeeded', '{"id":"x","title":"Disk is almost full","amount":7,"user":"Ada"}', now(), now()
        from unnest(@steps) with ordinality as g (id, n)
        """;

    const string End = $"""
        update execution.runs r set status = 'succeeded', attempt = 1, output = {Output}, steps_completed = 3, started_at = coalesce(r.started_at, now()), finished_at = now()
        from gone g where r.tenant_id = @tenant and r.id = g.run_id
        """;

    const string Accept = $"""
        with runs as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, steps_total, attempt, started_at)
          select @tenant, id, @tenant, @tenant, 'webhook', 'running', {Input}, 3, 1, now() from unnest(@ids) as g (id)
        ), keys as (
          {Keys}
        )
        insert into execution.run_queue (tenant_id, run_id, attempt, lease_owner) select @tenant, id, 1, @tenant from unnest(@ids) as g (id)
        """;

    const string Finish = $"""
        with gone as (
          delete from execution.run_queue q using unnest(@ids) as g (id) where q.tenant_id = @tenant and q.run_id = g.id returning q.run_id
        ), steps as (
          {Steps}
        )
        {End}
        """;

    const string Store = $"""
        with keys as (
          {Keys}
        ), steps as (
          {Steps}
        )
        insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, output, steps_total, steps_completed, attempt, started_at, finished_at)
        select @tenant, id, @tenant, @tenant, 'webhook', 'succeeded', {Input}, {Output}, 3, 3, 1, now(), now() from unnest(@ids) as g (id)
        """;

    const string Queue = $"""
        with runs as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, steps_total)
          select @tenant, id, @tenant, @tenant, 'manual', 'queued', {Input}, 3 from unnest(@ids) as g (id)
        )
        insert into execution.run_queue (tenant_id, run_id) select @tenant, id from unnest(@ids) as g (id)
        """;

    const string Take = $"""
        with waiting as materialized (
          select q.ctid as place from execution.run_queue q
          where q.tenant_id = @tenant and q.lease_owner is null and not q.parked and q.gate is null
          order by q.priority desc, q.available_at, q.run_id limit cardinality(@ids) for update skip locked
        ), gone as (
          delete from execution.run_queue q using waiting w where q.ctid = w.place returning q.run_id
        ), steps as (
          {Steps} where n <= 3 * (select count(*) from gone)
        )
        {End}
        """;

    const string Move = """
        with due as materialized (
          select w.tenant_id, w.trigger_id, w.next_fire_at from execution.trigger_times w where w.is_enabled and w.next_fire_at <= now()
          order by w.next_fire_at limit cardinality(@ids) for no key update skip locked
        )
        update execution.trigger_times w set next_fire_at = now() + interval '1 year', last_fired_at = d.next_fire_at
        from due d where w.tenant_id = d.tenant_id and w.trigger_id = d.trigger_id
        """;

    /// <summary>Runs that are begun when they are accepted, and then ended.</summary>
    public static readonly BaselineRows Begun = new(Accept, Finish);

    /// <summary>Runs that are over before they are stored.</summary>
    public static readonly BaselineRows Pure = new(Store);

    /// <summary>Runs that wait for somebody to take them.</summary>
    public static readonly BaselineRows Waiting = new(Queue);

    /// <summary>Runs that waited and are ended by whoever takes them.</summary>
    public static readonly BaselineRows Taken = new(Take);

    /// <summary>Runs that are stored, then taken and ended.</summary>
    public static readonly BaselineRows Passed = new(Queue, Take);

    /// <summary>Triggers that were due, and their pure runs.</summary>
    public static readonly BaselineRows Fired = new(Move, Store);
}
