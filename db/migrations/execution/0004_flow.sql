-- Flow control: claims that are fair by tenant, limits of how many runs go on at once, debouncing and rate limits.
-- A run that is limited names its lines in run_queue.flow_keys (`tenant`, `agent:<id>`, `trigger:<id>`, with `/<hash>` behind it where an expression
-- makes lines of their own). It enters the queue behind a gate, and `admit` lets it through when every one of its lines has room; then it holds
-- a place in each until it ends or waits. Whoever inserts a row into run_queue sets flow_keys and nothing else: the triggers below do the rest.
-- A run without flow_keys pays one comparison with null.
-- after: execution/0003
-- migrate:up
alter table execution.run_queue
  add column flow_keys text[] check (cardinality(flow_keys) between 1 and 8),
  -- Where the run waits to be let through: one of its lines, or `time` until available_at; null when nothing holds it back.
  add column gate text check (char_length(gate) between 1 and 128),
  add constraint run_queue_held_check check (gate is null or lease_owner is null);
drop index execution.run_queue_claim_idx;
-- By tenant first: a claim goes from tenant to tenant and takes a share of each, however long one's line is.
create index run_queue_claim_idx on execution.run_queue (tenant_id, priority desc, available_at, run_id) where lease_owner is null and not parked and gate is null;
create index run_queue_gate_idx on execution.run_queue (tenant_id, gate, priority desc, available_at, run_id) where gate is not null and not parked;
create index run_queue_time_idx on execution.run_queue (available_at) where gate = 'time' and not parked;

alter table execution.triggers
  add column concurrency_key text check (char_length(concurrency_key) between 2 and 1024),
  add column debounce_ms bigint check (debounce_ms between 1 and 86400000),
  add column debounce_max_ms bigint check (debounce_max_ms between 1 and 604800000),
  add column debounce_key text check (char_length(debounce_key) between 2 and 1024),
  add column rate_limit jsonb;

-- What a tenant's plan gives it; a tenant without a row has the weight 1.
create table execution.flow_tenants (
  tenant_id uuid primary key references tenants.tenants (id),
  weight int not null check (weight between 1 and 1000)
);

-- How many runs of a line may go on at once. A line without a row has no limit.
create table execution.flow_limits (
  tenant_id uuid not null references tenants.tenants (id),
  name text not null check (char_length(name) between 1 and 64),
  max_running int not null check (max_running between 1 and 100000),
  policy text not null default 'queue' check (policy in ('skip', 'queue', 'replace')),
  primary key (tenant_id, name)
);

-- Who holds a place in which line. Rows, not a counter: a place that is given back touches no row of anybody else's, so ends never wait for each other.
create table execution.flow_places (
  tenant_id uuid not null,
  key text not null check (char_length(key) between 1 and 128),
  run_id uuid not null,
  primary key (tenant_id, key, run_id)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index flow_places_run_idx on execution.flow_places (tenant_id, run_id);

-- The run that waits for its debounce key to be quiet, and since when.
create table execution.flow_debounces (
  tenant_id uuid not null,
  key text not null check (char_length(key) between 1 and 128),
  run_id uuid not null,
  since timestamptz not null,
  opens_at timestamptz not null,
  primary key (tenant_id, key)
);
create index flow_debounces_old_idx on execution.flow_debounces (opens_at);

-- The last starts under a rate limit, one row for each start that the limit allows: the oldest is taken again when its time is over.
create table execution.flow_rates (
  tenant_id uuid not null,
  key text not null check (char_length(key) between 1 and 128),
  slot int not null check (slot between 0 and 9999),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (tenant_id, key, slot)
);
create index flow_rates_next_idx on execution.flow_rates (tenant_id, key, starts_at, slot);
create index flow_rates_old_idx on execution.flow_rates (ends_at);

do $$
declare
  name text;
begin
  foreach name in array array['flow_tenants', 'flow_limits', 'flow_places', 'flow_debounces', 'flow_rates'] loop
    execute format('alter table execution.%I enable row level security', name);
    execute format('alter table execution.%I force row level security', name);
    execute format('create policy tenant_isolation on execution.%I using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()))', name);
    execute format('create policy engine_crosses on execution.%I to agentplatform_engine using (true) with check (true)', name);
    execute format('create policy operator_reads on execution.%I for select to agentplatform_operator using (true)', name);
    execute format('grant select, insert, update, delete on execution.%I to agentplatform_engine', name);
    execute format('grant select on execution.%I to agentplatform_app, agentplatform_operator', name);
  end loop;
end
$$;
-- Requests keep the limits of triggers, and give places back where they end or park a run.
grant insert, update, delete on execution.flow_limits to agentplatform_app;
grant delete on execution.flow_places to agentplatform_app;

create function execution.gate_run() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  new.gate := coalesce(new.gate, new.flow_keys[1]);
  return new;
end
$$;
create trigger run_queue_gate before insert on execution.run_queue for each row
  when (new.flow_keys is not null) execute function execution.gate_run();

-- Nobody is let through inside the transaction that stores or ends a run: it would hold the tenant's lock. The nodes are told, and do it at once.
create function execution.tell_gate() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  perform pg_notify('flow_freed', new.tenant_id || ':' || new.gate);
  return null;
end
$$;
create trigger run_queue_waits after insert on execution.run_queue for each row
  when (new.gate is not null) execute function execution.tell_gate();
create trigger run_queue_moves after update on execution.run_queue for each row
  when (old.gate = 'time' and new.gate <> 'time') execute function execution.tell_gate();

create function execution.leave_lines() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  delete from execution.flow_places p where p.tenant_id = old.tenant_id and p.run_id = old.run_id;
  perform pg_notify('flow_freed', old.tenant_id || ':' || line) from unnest(old.flow_keys) line;
  return null;
end
$$;
create trigger run_queue_leaves after delete on execution.run_queue for each row
  when (old.flow_keys is not null) execute function execution.leave_lines();

-- A run that waits or is paused gives its places back, and stands in line again when it goes on: one that waits for a person for weeks blocks nobody.
create function execution.park_lines() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  if new.parked then
    delete from execution.flow_places p where p.tenant_id = new.tenant_id and p.run_id = new.run_id;
    update execution.run_queue q set gate = coalesce(q.gate, q.flow_keys[1]) where q.tenant_id = new.tenant_id and q.run_id = new.run_id;
  end if;
  perform pg_notify('flow_freed', new.tenant_id || ':' || line) from unnest(new.flow_keys) line;
  return null;
end
$$;
create trigger run_queue_parks after update on execution.run_queue for each row
  when (new.flow_keys is not null and new.parked <> old.parked) execute function execution.park_lines();

-- A run that is to end needs no room: whoever takes it up only ends it.
create function execution.open_gate() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  update execution.run_queue q set gate = null where q.tenant_id = new.tenant_id and q.run_id = new.run_id;
  perform pg_notify('runs_queued', '');
  return null;
end
$$;
create trigger run_queue_stops after update on execution.run_queue for each row
  when (new.gate is not null and new.cancel_requested and not old.cancel_requested) execute function execution.open_gate();

create function execution.tell_limit() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  perform pg_notify('flow_freed', coalesce(new.tenant_id, old.tenant_id) || ':' || coalesce(new.name, old.name));
  return null;
end
$$;
create trigger flow_limits_change after insert or update or delete on execution.flow_limits for each row execute function execution.tell_limit();

-- One writer of places a tenant; short, and never taken inside a transaction that does anything else.
create function execution.lock_flow(tenant uuid) returns void
language sql set search_path = pg_catalog as $$
  select pg_advisory_xact_lock(hashtextextended(tenant::text, 1179406167));
$$;

create function execution.has_room(tenant uuid, line text, run uuid) returns boolean
language sql stable set search_path = pg_catalog, execution as $$
  select coalesce((
    select exists (select from execution.flow_places p where p.tenant_id = tenant and p.key = line and p.run_id = run)
      or (select count(*) from execution.flow_places p where p.tenant_id = tenant and p.key = line) < l.max_running
    from execution.flow_limits l where l.tenant_id = tenant and l.name = split_part(line, '/', 1)), true);
$$;

-- Of a line with the policy replace the newest runs stay; those before them end here when nobody holds them, and are told to stop when somebody does.
create function execution.replace_runs(tenant uuid, line text, keep int) returns void
language plpgsql set search_path = pg_catalog, execution as $$
declare
  victim record;
begin
  for victim in
    select q.run_id, q.lease_owner from execution.run_queue q
    where q.tenant_id = tenant and not q.cancel_requested and q.run_id in (
      select m.run_id from (
        select p.run_id from execution.flow_places p where p.tenant_id = tenant and p.key = line
        union select w.run_id from execution.run_queue w where w.tenant_id = tenant and w.gate = line and not w.parked) m
      order by m.run_id desc offset keep)
    -- Who is being claimed or ended this moment is looked at again a moment later.
    for update skip locked
  loop
    if victim.lease_owner is null then
      update execution.runs r
      set status = 'canceled', finished_at = now(),
        error = '{"code": "replaced", "message": "A newer run took the place of this one.", "class": "canceled", "retryable": false}'
      where r.tenant_id = tenant and r.id = victim.run_id and r.finished_at is null;
      delete from execution.run_queue q where q.tenant_id = tenant and q.run_id = victim.run_id;
    else
      update execution.run_queue q set cancel_requested = true where q.tenant_id = tenant and q.run_id = victim.run_id;
      perform execution.ring(tenant, victim.run_id);
    end if;
  end loop;
end
$$;

-- Lets runs through the gate of one line, in order, while all of their lines have room. A run for which another line has none waits at that one from then on.
-- Answers how many may be claimed now.
create function execution.admit(tenant uuid, line text) returns int
language plpgsql set search_path = pg_catalog, execution as $$
declare
  bound record;
  waits record;
  full_line text;
  room int := 256;
  admitted int := 0;
begin
  perform execution.lock_flow(tenant);
  select l.max_running, l.policy into bound from execution.flow_limits l where l.tenant_id = tenant and l.name = split_part(line, '/', 1);
  if bound.policy = 'replace' then
    perform execution.replace_runs(tenant, line, bound.max_running);
  end if;
  -- A run that was not skipped has had its place since it was accepted: it needs no room any more.
  if bound.max_running is not null and bound.policy <> 'skip' then
    room := least(room, bound.max_running - (select count(*) from execution.flow_places p where p.tenant_id = tenant and p.key = line));
  end if;
  for waits in
    select q.run_id, q.flow_keys from execution.run_queue q
    where q.tenant_id = tenant and q.gate = line and not q.parked
    order by q.priority desc, q.available_at, q.run_id limit greatest(room, 0) for update skip locked
  loop
    select k into full_line from unnest(waits.flow_keys) with ordinality u (k, n)
    where not execution.has_room(tenant, k, waits.run_id) order by k <> line, n limit 1;
    if full_line is null then
      insert into execution.flow_places (tenant_id, key, run_id) select tenant, k, waits.run_id from unnest(waits.flow_keys) k on conflict do nothing;
      admitted := admitted + 1;
    end if;
    update execution.run_queue q set gate = full_line where q.tenant_id = tenant and q.run_id = waits.run_id and q.gate is distinct from full_line;
  end loop;
  if admitted > 0 then
    perform pg_notify('runs_queued', '');
  end if;
  return admitted;
end
$$;

-- Decides about a run before it is stored, in the same statement as the insert that follows: its key, then skip, rate and debounce.
-- Callers come in the order of tenants and keys, so that no two of them wait for each other.
create function execution.enter_flow(
  tenant uuid, run uuid, key_scope text, key_text text, key_hash bytea, skip_line text,
  rate_key text, rate_limit int, rate_ms bigint, rate_refuses boolean, debounce_key text, debounce_ms bigint, debounce_max_ms bigint,
  out outcome text, out opens_at timestamptz, out retry_ms bigint)
language plpgsql set search_path = pg_catalog, execution as $$
declare
  at timestamptz;
  former record;
  began timestamptz;
  taken_slot int;
begin
  outcome := 'accepted';
  if skip_line is not null or rate_key is not null or debounce_key is not null then
    perform execution.lock_flow(tenant);
  end if;
  at := clock_timestamp();
  if key_text is not null then
    insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, run_id, expires_at)
    values (tenant, key_scope, key_text, key_hash, run, now() + interval '7 days') on conflict do nothing;
    if not found then
      outcome := 'replayed';
      return;
    end if;
  end if;

  if skip_line is not null and not execution.has_room(tenant, skip_line, run) then
    outcome := 'skipped';
  elsif rate_key is not null then
    -- The oldest start may be followed by another one when its time is over; so no window of that length ever holds more than the limit.
    select r.slot, r.ends_at into former from execution.flow_rates r where r.tenant_id = tenant and r.key = rate_key order by r.starts_at, r.slot limit 1;
    taken_slot := (select max(r.slot) + 1 from execution.flow_rates r where r.tenant_id = tenant and r.key = rate_key);
    if taken_slot is null or (former.ends_at > at and taken_slot < rate_limit) then
      insert into execution.flow_rates values (tenant, rate_key, coalesce(taken_slot, 0), at, at + rate_ms * interval '1 ms');
    elsif former.ends_at > at and rate_refuses then
      outcome := 'refused';
      retry_ms := ceil(extract(epoch from former.ends_at - at) * 1000);
    else
      opens_at := greatest(former.ends_at, at);
      update execution.flow_rates r set starts_at = enter_flow.opens_at, ends_at = enter_flow.opens_at + rate_ms * interval '1 ms'
      where r.tenant_id = tenant and r.key = rate_key and r.slot = former.slot;
    end if;
  end if;

  if outcome <> 'accepted' then
    delete from execution.idempotency_keys k where k.tenant_id = tenant and k.scope = key_scope and k.key = key_text and k.run_id = run;
    return;
  end if;
  if skip_line is not null then
    insert into execution.flow_places (tenant_id, key, run_id) values (tenant, skip_line, run);
  end if;

  if debounce_key is not null then
    began := at;
    select d.run_id, d.since into former from execution.flow_debounces d where d.tenant_id = tenant and d.key = debounce_key;
    delete from execution.run_queue q where q.tenant_id = tenant and q.run_id = former.run_id and q.gate = 'time';
    if found then
      began := former.since;
      update execution.runs r
      set status = 'canceled', finished_at = now(), error = jsonb_build_object(
        'code', 'superseded', 'message', 'A later delivery came while this one waited for quiet.', 'class', 'canceled', 'retryable', false, 'detail', jsonb_build_object('by', run))
      where r.tenant_id = tenant and r.id = former.run_id and r.finished_at is null;
    end if;
    opens_at := least(at + debounce_ms * interval '1 ms', began + debounce_max_ms * interval '1 ms');
    insert into execution.flow_debounces as d (tenant_id, key, run_id, since, opens_at) values (tenant, debounce_key, run, began, enter_flow.opens_at)
    on conflict (tenant_id, key) do update set run_id = excluded.run_id, since = excluded.since, opens_at = excluded.opens_at;
  end if;
end
$$;

-- How many runs of the tenant go before this one: among those that a worker may take, or in the line in which it stands. Counted up to 10 000.
create function execution.queue_position(tenant uuid, run uuid) returns int
language sql stable set search_path = pg_catalog, execution as $$
  select case when q.gate is null then (
    select count(*)::int from (
      select from execution.run_queue b
      where b.tenant_id = tenant and b.lease_owner is null and not b.parked and b.gate is null and b.priority > q.priority
      union all
      select from execution.run_queue b
      where b.tenant_id = tenant and b.lease_owner is null and not b.parked and b.gate is null and b.priority = q.priority
        and (b.available_at, b.run_id) < (q.available_at, q.run_id)
      limit 10000) earlier)
  else (
    select count(*)::int from (
      select from execution.run_queue b where b.tenant_id = tenant and b.gate = q.gate and not b.parked and b.priority > q.priority
      union all
      select from execution.run_queue b
      where b.tenant_id = tenant and b.gate = q.gate and not b.parked and b.priority = q.priority and (b.available_at, b.run_id) < (q.available_at, q.run_id)
      limit 10000) earlier)
  end
  from execution.run_queue q where q.tenant_id = tenant and q.run_id = run and q.lease_owner is null and not q.parked;
$$;
-- migrate:down
drop function execution.queue_position(uuid, uuid);
drop function execution.enter_flow(uuid, uuid, text, text, bytea, text, text, int, bigint, boolean, text, bigint, bigint);
drop function execution.admit(uuid, text);
drop function execution.replace_runs(uuid, text, int);
drop function execution.has_room(uuid, text, uuid);
drop function execution.lock_flow(uuid);
drop trigger run_queue_gate on execution.run_queue;
drop trigger run_queue_waits on execution.run_queue;
drop trigger run_queue_moves on execution.run_queue;
drop trigger run_queue_leaves on execution.run_queue;
drop trigger run_queue_parks on execution.run_queue;
drop trigger run_queue_stops on execution.run_queue;
drop table execution.flow_rates, execution.flow_debounces, execution.flow_places, execution.flow_limits, execution.flow_tenants;
drop function execution.tell_limit();
drop function execution.open_gate();
drop function execution.park_lines();
drop function execution.leave_lines();
drop function execution.tell_gate();
drop function execution.gate_run();
drop index execution.run_queue_time_idx;
drop index execution.run_queue_gate_idx;
drop index execution.run_queue_claim_idx;
alter table execution.run_queue drop column flow_keys, drop column gate;
alter table execution.triggers drop column concurrency_key, drop column debounce_ms, drop column debounce_max_ms, drop column debounce_key, drop column rate_limit;
create index run_queue_claim_idx on execution.run_queue (priority desc, available_at, run_id) where lease_owner is null and not parked;
