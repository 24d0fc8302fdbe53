-- Budgets: what may be spent by the whole tenant, an agent, a user or a key in a day, a month or altogether (UTC).
-- What was spent is no column: it is the sum of the days and of the fresh entries, so it cannot differ from the ledger. Reservations come on top.
-- after: execution/0015
-- migrate:up
create table billing.budgets (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  scope text not null check (scope in ('tenant', 'agent', 'user', 'key')),
  agent_id uuid,
  user_id uuid,
  api_key_id uuid,
  period text not null check (period in ('day', 'month', 'total')),
  limit_micros bigint not null check (limit_micros between 0 and 1000000000000000),
  alert_at_percent int check (alert_at_percent between 1 and 100),
  action text not null check (action in ('alert', 'block')),
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  constraint budgets_whose_check check (
    (scope = 'agent') = (agent_id is not null) and (scope = 'user') = (user_id is not null) and (scope = 'key') = (api_key_id is not null))
);
create index budgets_agent_idx on billing.budgets (tenant_id, agent_id);

-- What was told of a budget in a window: once each.
create table billing.budget_notices (
  tenant_id uuid not null,
  budget_id uuid not null,
  window_start date not null,
  kind text not null check (kind in ('alert', 'exceeded')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, budget_id, window_start, kind),
  foreign key (tenant_id, budget_id) references billing.budgets (tenant_id, id) on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['budgets', 'budget_notices'] loop
    execute format('alter table billing.%I enable row level security', name);
    execute format('alter table billing.%I force row level security', name);
    execute format('create policy tenant_isolation on billing.%I using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()))', name);
    execute format('create policy engine_crosses on billing.%I to agentplatform_engine using (true) with check (true)', name);
    execute format('create policy operator_reads on billing.%I for select to agentplatform_operator using (true)', name);
    execute format('grant select on billing.%I to agentplatform_app, agentplatform_engine, agentplatform_operator', name);
  end loop;
end
$$;
grant insert, update, delete on billing.budgets to agentplatform_app;
-- To lock a row one must be allowed to update something of it.
grant update (updated_at) on billing.budgets to agentplatform_engine;
grant delete on billing.budget_notices to agentplatform_app;
grant insert on billing.budget_notices to agentplatform_engine;

-- Nodes remember which tenants have budgets that block: for all others a reservation costs nothing.
create function billing.tell_budgets() returns trigger
language plpgsql set search_path = pg_catalog, billing
as $$
begin
  perform pg_notify('data_changed', 'budgets:' || coalesce(new.tenant_id, old.tenant_id));
  return null;
end
$$;
create trigger budgets_changed after insert or update or delete on billing.budgets for each row execute function billing.tell_budgets();

create function billing.window_start(period text, at timestamptz) returns date
language sql immutable parallel safe
return case period when 'day' then (at at time zone 'UTC')::date when 'month' then date_trunc('month', at at time zone 'UTC')::date else date '0001-01-01' end;

create function billing.covers(b billing.budgets, agent uuid, person uuid, key uuid) returns boolean
language sql immutable parallel safe
return case b.scope when 'tenant' then true when 'agent' then b.agent_id = agent when 'user' then b.user_id = person else b.api_key_id = key end is true;

create function billing.spent(b billing.budgets) returns bigint
language sql stable
set search_path = pg_catalog, billing
as $$
  select coalesce(sum(u.cost_micros), 0)::bigint
  from (
    select agent_id, user_id, api_key_id, cost_micros from billing.usage_daily where tenant_id = b.tenant_id and date >= billing.window_start(b.period, now())
    union all
    select agent_id, user_id, api_key_id, cost_micros from billing.usage_fresh where tenant_id = b.tenant_id and date >= billing.window_start(b.period, now())
  ) u
  where billing.covers(b, u.agent_id, u.user_id, u.api_key_id)
$$;

create function billing.held(b billing.budgets, but uuid) returns bigint
language sql stable
set search_path = pg_catalog, billing
as $$
  select coalesce(sum(r.micros), 0)::bigint from billing.reservations r
  where r.tenant_id = b.tenant_id and r.lost_at is null and r.id is distinct from but and billing.covers(b, r.agent_id, r.user_id, r.api_key_id)
$$;

-- Tells an event of a budget, once in its window: the notice is the one that says whether it was told.
create function billing.note_budget(b billing.budgets, p_kind text, p_spent bigint) returns void
language plpgsql set search_path = pg_catalog, billing
as $$
declare
  since date := billing.window_start(b.period, now());
begin
  insert into billing.budget_notices (tenant_id, budget_id, window_start, kind) values (b.tenant_id, b.id, since, p_kind) on conflict do nothing;
  if found then
    insert into platform.outbox (tenant_id, id, type, key, payload)
    values (b.tenant_id, gen_random_uuid(), 'budget.' || p_kind, b.id::text, jsonb_build_object(
      'budget_id', b.id, 'name', b.name, 'scope', b.scope, 'agent_id', b.agent_id, 'user_id', b.user_id, 'api_key_id', b.api_key_id, 'window', b.period,
      'window_start', case when b.period <> 'total' then since end, 'limit_micros', b.limit_micros, 'spent_micros', p_spent, 'alert_at_percent', b.alert_at_percent));
  end if;
end
$$;

-- Sets money aside, or answers the first budget that has no room for it. Callers of one budget take turns at its row, in the order of ids;
-- each statement sees what those before have committed.
create function billing.reserve(
  p_tenant uuid, p_id uuid, p_run uuid, p_agent uuid, p_user uuid, p_key uuid, p_service text, p_micros bigint, p_at_most interval)
returns table (budget_id uuid, name text, period text, limit_micros bigint, spent_micros bigint, held_micros bigint)
language plpgsql set search_path = pg_catalog, billing
as $$
#variable_conflict use_column
declare
  b billing.budgets;
  is_covered boolean := false;
  spent bigint;
  held bigint;
begin
  perform from billing.budgets x where x.tenant_id = p_tenant and x.action = 'block' and billing.covers(x, p_agent, p_user, p_key) order by x.id for no key update;
  for b in select x.* from billing.budgets x where x.tenant_id = p_tenant and x.action = 'block' and billing.covers(x, p_agent, p_user, p_key) order by x.id loop
    is_covered := true;
    -- In one statement, so under one snapshot: a call that is booked right now is held or spent, not neither.
    select billing.spent(b), billing.held(b, p_id) into spent, held;
    if spent + held + p_micros > b.limit_micros then
      perform billing.note_budget(b, 'exceeded', spent);
      return query select b.id, b.name, b.period, b.limit_micros, spent, held;
      return;
    end if;
  end loop;
  if is_covered then
    insert into billing.reservations as r (tenant_id, id, run_id, run_attempt, agent_id, user_id, api_key_id, service_id, micros, expires_at)
    values (p_tenant, p_id, p_run, platform.attempt_at_work(p_tenant, p_run), p_agent, p_user, p_key, p_service, p_micros, now() + p_at_most)
    on conflict (tenant_id, id) do update
      set micros = greatest(r.micros, excluded.micros), run_attempt = excluded.run_attempt, expires_at = excluded.expires_at, lost_at = null;
  end if;
end
$$;

-- Tells of the budgets that these tenants have used up, wholly or as far as their alerts say.
create function billing.note_budgets(p_tenants uuid[]) returns void
language plpgsql set search_path = pg_catalog, billing
as $$
declare
  b billing.budgets;
  spent bigint;
begin
  for b in select x.* from billing.budgets x where x.tenant_id = any(p_tenants) order by x.tenant_id, x.id loop
    spent := billing.spent(b);
    if spent::numeric * 100 >= b.limit_micros::numeric * b.alert_at_percent then
      perform billing.note_budget(b, 'alert', spent);
    end if;
    if spent >= b.limit_micros then
      perform billing.note_budget(b, 'exceeded', spent);
    end if;
  end loop;
end
$$;

-- Marks what nobody will settle any more: its time is over, or the worker that made the call does not have the run any more. Forgets what was
-- marked more than 35 days ago. Answers how many it marked.
create function billing.lose_reservations(batch int) returns int
language plpgsql set search_path = pg_catalog, billing
as $$
declare
  lost int;
begin
  with gone as materialized (
    select r.tenant_id, r.id from billing.reservations r
    where r.lost_at is null
      and (r.expires_at < now() or (r.run_attempt is not null and platform.attempt_at_work(r.tenant_id, r.run_id) is distinct from r.run_attempt))
    order by r.created_at limit batch
    for update skip locked
  )
  update billing.reservations r set lost_at = now() from gone g where r.tenant_id = g.tenant_id and r.id = g.id;
  get diagnostics lost = row_count;
  delete from billing.reservations r where r.lost_at < now() - interval '35 days';
  return lost;
end
$$;
-- migrate:down
drop function billing.lose_reservations(int);
drop function billing.note_budgets(uuid[]);
drop function billing.reserve(uuid, uuid, uuid, uuid, uuid, uuid, text, bigint, interval);
drop function billing.note_budget(billing.budgets, text, bigint);
drop function billing.held(billing.budgets, uuid);
drop function billing.spent(billing.budgets);
drop function billing.covers(billing.budgets, uuid, uuid, uuid);
drop function billing.window_start(text, timestamptz);
drop table billing.budget_notices, billing.budgets;
drop function billing.tell_budgets();
