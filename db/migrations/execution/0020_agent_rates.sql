-- An agent's own rate limit: how often its runs may start, whoever asks for them. A run may stand under two rates then, its trigger's and its agent's;
-- it takes a start of both or of neither. Old nodes call enter_flow as they know it until they are replaced.
-- after: execution/0004
-- migrate:up
-- Requests that replay runs book their starts.
grant insert, update on execution.flow_rates to agentplatform_app;

-- When the next start under a rate may be, from `at` on. Nothing is taken.
create function execution.rate_opens(tenant uuid, rate_key text, rate_limit int, at timestamptz) returns timestamptz
language sql stable set search_path = pg_catalog, execution as $$
  select coalesce((
    select case when r.ends_at > at and (select max(m.slot) + 1 from execution.flow_rates m where m.tenant_id = tenant and m.key = rate_key) >= rate_limit then r.ends_at else at end
    from execution.flow_rates r where r.tenant_id = tenant and r.key = rate_key order by r.starts_at, r.slot limit 1), at);
$$;

-- Takes the start: the oldest one may be followed by another when its time is over; so no window of that length ever holds more than the limit.
create function execution.take_rate(tenant uuid, rate_key text, rate_limit int, rate_ms bigint, starts timestamptz) returns void
language plpgsql set search_path = pg_catalog, execution as $$
declare
  former record;
  taken_slot int;
begin
  select r.slot, r.ends_at into former from execution.flow_rates r where r.tenant_id = tenant and r.key = rate_key order by r.starts_at, r.slot limit 1;
  taken_slot := (select max(r.slot) + 1 from execution.flow_rates r where r.tenant_id = tenant and r.key = rate_key);
  if taken_slot is null or (former.ends_at > starts and taken_slot < rate_limit) then
    insert into execution.flow_rates values (tenant, rate_key, coalesce(taken_slot, 0), starts, starts + rate_ms * interval '1 ms');
  else
    update execution.flow_rates r set starts_at = starts, ends_at = starts + rate_ms * interval '1 ms'
    where r.tenant_id = tenant and r.key = rate_key and r.slot = former.slot;
  end if;
end
$$;

-- For runs that are never refused: when this one may start.
create function execution.book_rate(tenant uuid, rate_key text, rate_limit int, rate_ms bigint) returns timestamptz
language plpgsql set search_path = pg_catalog, execution as $$
declare
  opens timestamptz;
begin
  perform execution.lock_flow(tenant);
  opens := execution.rate_opens(tenant, rate_key, rate_limit, clock_timestamp());
  perform execution.take_rate(tenant, rate_key, rate_limit, rate_ms, opens);
  return opens;
end
$$;

-- Decides about a run before it is stored, in the same statement as the insert that follows: its key, then skip, rates and debounce.
-- Callers come in the order of tenants and keys, so that no two of them wait for each other.
create function execution.enter_flow(
  tenant uuid, run uuid, key_scope text, key_text text, key_hash bytea, skip_line text,
  rate_key text, rate_limit int, rate_ms bigint, rate_refuses boolean, debounce_key text, debounce_ms bigint, debounce_max_ms bigint,
  agent_key text, agent_limit int, agent_ms bigint, agent_refuses boolean,
  out outcome text, out opens_at timestamptz, out retry_ms bigint)
language plpgsql set search_path = pg_catalog, execution as $$
declare
  at timestamptz;
  former record;
  began timestamptz;
  rate_at timestamptz;
  agent_at timestamptz;
begin
  outcome := 'accepted';
  if skip_line is not null or rate_key is not null or agent_key is not null or debounce_key is not null then
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
  elsif rate_key is not null or agent_key is not null then
    rate_at := case when rate_key is not null then execution.rate_opens(tenant, rate_key, rate_limit, at) end;
    agent_at := case when agent_key is not null then execution.rate_opens(tenant, agent_key, agent_limit, at) end;
    if (rate_at > at and rate_refuses) or (agent_at > at and agent_refuses) then
      outcome := 'refused';
      retry_ms := ceil(extract(epoch from greatest(rate_at, agent_at) - at) * 1000);
    else
      opens_at := greatest(rate_at, agent_at);
      if rate_key is not null then
        perform execution.take_rate(tenant, rate_key, rate_limit, rate_ms, opens_at);
      end if;
      if agent_key is not null then
        perform execution.take_rate(tenant, agent_key, agent_limit, agent_ms, opens_at);
      end if;
      opens_at := nullif(opens_at, at);
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
    opens_at := greatest(opens_at, least(at + debounce_ms * interval '1 ms', began + debounce_max_ms * interval '1 ms'));
    insert into execution.flow_debounces as d (tenant_id, key, run_id, since, opens_at) values (tenant, debounce_key, run, began, enter_flow.opens_at)
    on conflict (tenant_id, key) do update set run_id = excluded.run_id, since = excluded.since, opens_at = excluded.opens_at;
  end if;
end
$$;
-- migrate:down
drop function execution.enter_flow(uuid, uuid, text, text, bytea, text, text, int, bigint, boolean, text, bigint, bigint, text, int, bigint, boolean);
drop function execution.book_rate(uuid, text, int, bigint);
drop function execution.take_rate(uuid, text, int, bigint, timestamptz);
drop function execution.rate_opens(uuid, text, int, timestamptz);
revoke insert, update on execution.flow_rates from agentplatform_app;
