-- What was used and what it cost: the ledger, and the sums of its days.
-- Improved against the first data model:
--   * usage_daily has a finer grain (service, agent, user, key) instead of documents by feature and vendor: every question is a sum, and a day is added to
--     without reading it first;
--   * usage_fresh holds entries of which the days do not know yet: so the days may lag, and still days and fresh entries together are the ledger, at every moment;
--   * source_kind, api_key_id, tokens_reasoning, units, is_estimated and reason are added to the ledger, and run counts come with the interactions.
-- Execution tells of usage through platform.book_usage: neither schema names the other.
-- after: platform/0002, tenants/0001
-- migrate:up
create schema billing;
grant usage on schema billing to agentplatform_app, agentplatform_engine, agentplatform_operator;

create table billing.usage_ledger (
  tenant_id uuid not null,
  -- Computed (billing.ledger_id): so the same source is booked once, for ever.
  id uuid not null,
  source_kind text not null check (source_kind in ('step', 'reversal')),
  source_id uuid not null,
  run_id uuid,
  step_id uuid,
  user_id uuid,
  agent_id uuid,
  api_key_id uuid,
  service_id text not null check (char_length(service_id) between 1 and 200),
  tokens_prompt bigint not null,
  tokens_completion bigint not null,
  tokens_cached bigint not null,
  tokens_reasoning bigint not null,
  units bigint not null,
  api_calls bigint not null,
  cost_micros bigint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  is_estimated boolean not null,
  reason text check (char_length(reason) <= 1000),
  occurred_at timestamptz not null,
  booked_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint usage_ledger_sign_check check (case source_kind
    when 'reversal' then greatest(tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros) <= 0
    else least(tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros) >= 0 end)
) partition by range (id);
create trigger refuse_change before update or delete on billing.usage_ledger for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on billing.usage_ledger for each statement execute function platform.refuse_change();

-- Nobody is the nil id here and in the days: it is part of their key.
create table billing.usage_fresh (
  tenant_id uuid not null,
  id uuid not null,
  date date not null,
  service_id text not null check (char_length(service_id) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  agent_id uuid not null,
  user_id uuid not null,
  api_key_id uuid not null,
  tokens_prompt bigint not null,
  tokens_completion bigint not null,
  tokens_cached bigint not null,
  tokens_reasoning bigint not null,
  units bigint not null,
  api_calls bigint not null,
  cost_micros bigint not null,
  primary key (tenant_id, id)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

create table billing.usage_daily (
  tenant_id uuid not null,
  -- In UTC.
  date date not null,
  service_id text not null check (char_length(service_id) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  agent_id uuid not null,
  user_id uuid not null,
  api_key_id uuid not null,
  tokens_prompt bigint not null,
  tokens_completion bigint not null,
  tokens_cached bigint not null,
  tokens_reasoning bigint not null,
  units bigint not null,
  api_calls bigint not null,
  cost_micros bigint not null,
  primary key (tenant_id, date, service_id, currency, agent_id, user_id, api_key_id)
);

-- Money that is set aside for calls under way. A row goes when its call is booked, in that transaction; one whose call was lost with its worker
-- is marked and holds nothing any more: what became of that call nobody knows.
create table billing.reservations (
  tenant_id uuid not null,
  -- The step's.
  id uuid not null,
  run_id uuid not null,
  -- The run's attempt that holds it; null where no worker held the run.
  run_attempt int,
  agent_id uuid,
  user_id uuid,
  api_key_id uuid,
  service_id text not null check (char_length(service_id) between 1 and 200),
  micros bigint not null check (micros > 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  lost_at timestamptz,
  primary key (tenant_id, id)
);
create index reservations_held_idx on billing.reservations (created_at) where lost_at is null;
create index reservations_lost_idx on billing.reservations (lost_at) where lost_at is not null;

do $$
declare
  name text;
begin
  foreach name in array array['usage_ledger', 'usage_fresh', 'usage_daily', 'reservations'] loop
    execute format('alter table billing.%I enable row level security', name);
    execute format('alter table billing.%I force row level security', name);
    execute format('create policy tenant_isolation on billing.%I using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()))', name);
    execute format('create policy engine_crosses on billing.%I to agentplatform_engine using (true) with check (true)', name);
    execute format('create policy operator_reads on billing.%I for select to agentplatform_operator using (true)', name);
    execute format('grant select on billing.%I to agentplatform_app, agentplatform_engine, agentplatform_operator', name);
  end loop;
end
$$;
-- Into the ledger leads one way only: the functions below. Even the engine may not insert.
grant delete on billing.usage_fresh to agentplatform_engine;
grant insert, update, delete on billing.usage_daily, billing.reservations to agentplatform_engine;

select platform.ensure_month_partitions('billing.usage_ledger', date_trunc('month', now())::date, 4);

-- A UUIDv7 with the source's time, so that the entry lies in its month, and 74 bits of a hash.
create function billing.ledger_id(source uuid, meter text) returns uuid
language sql immutable strict parallel safe
return (
  select (left(replace(source::text, '-', ''), 12) || '7' || left(h, 3) || substr('89ab', get_byte(decode(h, 'hex'), 31) % 4 + 1, 1) || substr(h, 4, 15))::uuid
  from encode(sha256(convert_to(source::text || '|' || meter, 'UTF8')), 'hex') h);

-- Books what a source used, settles what was reserved for it, and does nothing the second time. In the transaction of whoever tells.
-- Row-level security is forced, also for this function's owner: it acts as the tenant meanwhile.
create function platform.book_usage(
  p_tenant uuid, p_step uuid, p_run uuid, p_agent uuid, p_user uuid, p_key uuid, p_usage jsonb, p_at timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  former text := current_setting('app.tenant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  perform set_config('app.tenant_id', p_tenant::text, true);
  with used as (
    select u ->> 'service' as service, u ->> 'currency' as currency, sum((u ->> 'tokens_prompt')::bigint) as prompt, sum((u ->> 'tokens_completion')::bigint) as completion,
      sum((u ->> 'tokens_cached')::bigint) as cached, sum((u ->> 'tokens_reasoning')::bigint) as reasoning, sum((u ->> 'units')::bigint) as units,
      sum((u ->> 'api_calls')::bigint) as calls, sum((u ->> 'cost_micros')::bigint) as cost, bool_or((u ->> 'is_estimated')::boolean) as estimated
    from jsonb_array_elements(p_usage) u group by 1, 2
  ), booked as (
    insert into billing.usage_ledger (tenant_id, id, source_kind, source_id, run_id, step_id, user_id, agent_id, api_key_id, service_id, tokens_prompt, tokens_completion,
      tokens_cached, tokens_reasoning, units, api_calls, cost_micros, currency, is_estimated, occurred_at)
    select p_tenant, billing.ledger_id(p_step, service || '|' || currency), 'step', p_step, p_run, p_step, p_user, p_agent, p_key, service, prompt, completion,
      cached, reasoning, units, calls, cost, currency, estimated, p_at
    from used
    on conflict (tenant_id, id) do nothing
    returning *
  )
  insert into billing.usage_fresh (tenant_id, id, date, service_id, currency, agent_id, user_id, api_key_id, tokens_prompt, tokens_completion, tokens_cached,
    tokens_reasoning, units, api_calls, cost_micros)
  select tenant_id, id, (occurred_at at time zone 'UTC')::date, service_id, currency, coalesce(agent_id, nobody), coalesce(user_id, nobody), coalesce(api_key_id, nobody),
    tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros
  from booked;
  delete from billing.reservations r where r.tenant_id = p_tenant and r.id = p_step;
  perform set_config('app.tenant_id', coalesce(former, ''), true);
end
$$;
revoke all on function platform.book_usage(uuid, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz) from public;
grant execute on function platform.book_usage(uuid, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz) to agentplatform_engine;

-- The one way to correct: an entry that takes back another, today, whenever that was; what is closed stays as it is. An entry is taken back once.
-- For the owner of the database alone.
create function billing.reverse_entry(p_tenant uuid, p_entry uuid, p_reason text) returns uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  former text := current_setting('app.tenant_id', true);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  made uuid;
begin
  perform set_config('app.tenant_id', p_tenant::text, true);
  with reversed as (
    insert into billing.usage_ledger (tenant_id, id, source_kind, source_id, run_id, step_id, user_id, agent_id, api_key_id, service_id, tokens_prompt, tokens_completion,
      tokens_cached, tokens_reasoning, units, api_calls, cost_micros, currency, is_estimated, reason, occurred_at)
    select e.tenant_id, billing.ledger_id(e.id, 'reversal'), 'reversal', e.id, e.run_id, e.step_id, e.user_id, e.agent_id, e.api_key_id, e.service_id, -e.tokens_prompt,
      -e.tokens_completion, -e.tokens_cached, -e.tokens_reasoning, -e.units, -e.api_calls, -e.cost_micros, e.currency, e.is_estimated, p_reason, now()
    from billing.usage_ledger e where e.tenant_id = p_tenant and e.id = p_entry and e.source_kind <> 'reversal'
    on conflict (tenant_id, id) do nothing
    returning *
  ), told as (
    insert into billing.usage_fresh (tenant_id, id, date, service_id, currency, agent_id, user_id, api_key_id, tokens_prompt, tokens_completion, tokens_cached,
      tokens_reasoning, units, api_calls, cost_micros)
    select tenant_id, id, (occurred_at at time zone 'UTC')::date, service_id, currency, coalesce(agent_id, nobody), coalesce(user_id, nobody), coalesce(api_key_id, nobody),
      tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros
    from reversed
  )
  select id into made from reversed;
  perform set_config('app.tenant_id', coalesce(former, ''), true);
  if made is null then
    raise exception 'there is no entry % that could be taken back, or it was already', p_entry using errcode = 'no_data_found';
  end if;
  return made;
end
$$;
revoke all on function billing.reverse_entry(uuid, uuid, text) from public;

-- Adds fresh entries to their days; one at a time. Answers the tenants whose days grew; none when nothing was left.
create function billing.roll_up(batch int) returns setof uuid
language plpgsql set search_path = pg_catalog, billing
as $$
begin
  if not pg_try_advisory_xact_lock(1651076199, 1) then
    return;
  end if;
  return query
  with taken as materialized (
    delete from billing.usage_fresh f using (select tenant_id, id from billing.usage_fresh limit batch) b where f.tenant_id = b.tenant_id and f.id = b.id returning f.*
  ), added as (
    insert into billing.usage_daily as d
    select tenant_id, date, service_id, currency, agent_id, user_id, api_key_id, sum(tokens_prompt), sum(tokens_completion), sum(tokens_cached), sum(tokens_reasoning),
      sum(units), sum(api_calls), sum(cost_micros)
    from taken group by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, date, service_id, currency, agent_id, user_id, api_key_id) do update set
      tokens_prompt = d.tokens_prompt + excluded.tokens_prompt, tokens_completion = d.tokens_completion + excluded.tokens_completion,
      tokens_cached = d.tokens_cached + excluded.tokens_cached, tokens_reasoning = d.tokens_reasoning + excluded.tokens_reasoning,
      units = d.units + excluded.units, api_calls = d.api_calls + excluded.api_calls, cost_micros = d.cost_micros + excluded.cost_micros
  )
  select distinct tenant_id from taken;
end
$$;

-- All days from the ledger again, with the same result. Fresh entries and ledger are read by one statement: an entry is either in both or in neither.
create function billing.rebuild_days() returns bigint
language plpgsql set search_path = pg_catalog, billing
as $$
declare
  days bigint;
begin
  perform pg_advisory_xact_lock(1651076199, 1);
  delete from billing.usage_daily;
  with counted as (
    delete from billing.usage_fresh
  )
  insert into billing.usage_daily
  select tenant_id, (occurred_at at time zone 'UTC')::date, service_id, currency, coalesce(agent_id, nobody), coalesce(user_id, nobody), coalesce(api_key_id, nobody),
    sum(tokens_prompt), sum(tokens_completion), sum(tokens_cached), sum(tokens_reasoning), sum(units), sum(api_calls), sum(cost_micros)
  from billing.usage_ledger, (select '00000000-0000-0000-0000-000000000000'::uuid) n (nobody) group by 1, 2, 3, 4, 5, 6, 7;
  get diagnostics days = row_count;
  return days;
end
$$;
-- migrate:down
drop function platform.book_usage(uuid, uuid, uuid, uuid, uuid, uuid, jsonb, timestamptz);
drop schema billing cascade;
