-- Most commits of the intake queue nothing, because their runs are over already: those need not look for paused agents, nor wait for whoever pauses one.
-- migrate:up
create or replace function execution.heed_pauses() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  if not exists (select from fresh) then
    return null;
  end if;
  perform pg_advisory_xact_lock_shared(7205759403792806);
  if not exists (select from execution.paused_agents where state <> 'resuming') then
    return null;
  end if;
  update execution.run_queue q
  set pause_requested = true, paused_with_agent = true, parked = q.lease_owner is null,
    available_at = case when q.lease_owner is null then 'infinity' else q.available_at end
  from fresh f
  join execution.runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
  join execution.paused_agents p on p.tenant_id = r.tenant_id and p.agent_id = r.agent_id and p.state <> 'resuming'
  where q.tenant_id = f.tenant_id and q.run_id = f.run_id and not q.pause_requested;
  update execution.runs r set status = 'paused'
  from fresh f join execution.run_queue q on q.tenant_id = f.tenant_id and q.run_id = f.run_id and q.paused_with_agent and q.lease_owner is null
  where r.tenant_id = f.tenant_id and r.id = f.run_id and r.status = 'queued';
  perform execution.ring(q.tenant_id, q.run_id)
  from fresh f join execution.run_queue q on q.tenant_id = f.tenant_id and q.run_id = f.run_id and q.paused_with_agent and q.lease_owner is not null;
  return null;
end
$$;
-- migrate:down
create or replace function execution.heed_pauses() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  perform pg_advisory_xact_lock_shared(7205759403792806);
  if not exists (select from execution.paused_agents where state <> 'resuming') then
    return null;
  end if;
  update execution.run_queue q
  set pause_requested = true, paused_with_agent = true, parked = q.lease_owner is null,
    available_at = case when q.lease_owner is null then 'infinity' else q.available_at end
  from fresh f
  join execution.runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
  join execution.paused_agents p on p.tenant_id = r.tenant_id and p.agent_id = r.agent_id and p.state <> 'resuming'
  where q.tenant_id = f.tenant_id and q.run_id = f.run_id and not q.pause_requested;
  update execution.runs r set status = 'paused'
  from fresh f join execution.run_queue q on q.tenant_id = f.tenant_id and q.run_id = f.run_id and q.paused_with_agent and q.lease_owner is null
  where r.tenant_id = f.tenant_id and r.id = f.run_id and r.status = 'queued';
  perform execution.ring(q.tenant_id, q.run_id)
  from fresh f join execution.run_queue q on q.tenant_id = f.tenant_id and q.run_id = f.run_id and q.paused_with_agent and q.lease_owner is not null;
  return null;
end
$$;
