-- Control of runs: cancel, pause, forks that reuse earlier steps, overrides, bulk operations, deadlines of what has not begun.
-- Requests change runs as the application's role, under row-level security and in the transaction of their audit row; they may write
-- exactly the columns that control needs. Whoever holds a run's queue row locked decides: queue row first, then the run, then its approvals.
-- after: execution/0004
-- migrate:up
alter table execution.run_queue
  -- What a run that was told to stop ends with: who canceled it, and why. Written with cancel_requested.
  add column cancel_error jsonb,
  -- Parked because its agent is paused, not for itself: goes on with the agent.
  add column paused_with_agent boolean not null default false,
  add column deadline_at timestamptz;
update execution.run_queue q set deadline_at = r.deadline_at from execution.runs r
where r.tenant_id = q.tenant_id and r.id = q.run_id and r.deadline_at is not null;
create index run_queue_deadline_idx on execution.run_queue (deadline_at) where deadline_at is not null;
grant insert, delete on execution.run_queue to agentplatform_app;
grant update (priority, available_at, cancel_requested, parked, wakes, pause_requested, cancel_error, paused_with_agent, gate)
  on execution.run_queue to agentplatform_app;

alter table execution.runs
  -- Whether earlier runs' steps stand in for some of its own (run_reused_steps).
  add column reuses boolean not null default false,
  -- Whether a person was ever asked: only then has its end anything to close.
  add column has_approvals boolean not null default false;
grant insert on execution.runs to agentplatform_app;
grant update (status, priority, error, finished_at, has_approvals) on execution.runs to agentplatform_app;

alter table execution.run_steps add column overridden_at timestamptz;
grant update (status, finished_attempt, finished_event, finished_at, overridden_output, overridden_by, overridden_at) on execution.run_steps to agentplatform_app;

-- Steps of earlier runs that a fork takes over by reference; path is '' in the run's own graph. A fork of a fork refers to the first run's
-- step itself. An override of such a step belongs to the fork alone.
create table execution.run_reused_steps (
  tenant_id uuid not null,
  run_id uuid not null,
  path text not null default '' check (char_length(path) <= 1024),
  node_id text not null check (char_length(node_id) between 1 and 63),
  step_id uuid not null,
  overridden_output json,
  overridden_by uuid,
  overridden_at timestamptz,
  primary key (tenant_id, run_id, path, node_id)
);
alter table execution.run_reused_steps enable row level security;
alter table execution.run_reused_steps force row level security;
create policy tenant_isolation on execution.run_reused_steps
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.run_reused_steps to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.run_reused_steps for select to agentplatform_operator using (true);
grant select, insert on execution.run_reused_steps to agentplatform_app;
grant update (overridden_output, overridden_by, overridden_at) on execution.run_reused_steps to agentplatform_app;
grant select, delete on execution.run_reused_steps to agentplatform_engine;
grant select on execution.run_reused_steps to agentplatform_operator;

-- Agents whose runs stand still. `pausing` and `resuming` are worked off in batches; a row that has resumed everything goes.
create table execution.paused_agents (
  tenant_id uuid not null references tenants.tenants (id),
  agent_id uuid not null,
  state text not null default 'pausing' check (state in ('pausing', 'paused', 'resuming')),
  reason text check (char_length(reason) <= 1000),
  paused_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id)
);
create index paused_agents_open_idx on execution.paused_agents (updated_at) where state <> 'paused';
alter table execution.paused_agents enable row level security;
alter table execution.paused_agents force row level security;
create policy tenant_isolation on execution.paused_agents
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.paused_agents to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.paused_agents for select to agentplatform_operator using (true);
grant select, insert, update on execution.paused_agents to agentplatform_app;
grant select, update, delete on execution.paused_agents to agentplatform_engine;
grant select on execution.paused_agents to agentplatform_operator;

-- However a run comes into the queue, it stands still while its agent is paused. Once a statement, not once a row, and one look at a table
-- that is nearly always empty. The shared lock is what a pause waits for: whoever did not see the pause has committed before its runs are parked.
create function execution.heed_pauses() returns trigger
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
create trigger run_queue_heed_pauses after insert on execution.run_queue referencing new table as fresh
  for each statement execute function execution.heed_pauses();

-- A run that asked a person is marked, and its end closes what is still open: a final run waits for nobody.
create function execution.mark_approval() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  update execution.runs set has_approvals = true where tenant_id = new.tenant_id and id = new.run_id and not has_approvals and finished_at is null;
  return null;
end
$$;
create trigger approvals_mark_run after insert on execution.approvals for each row execute function execution.mark_approval();

create function execution.close_approvals() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  update execution.approvals set status = 'canceled', decided_at = now(), updated_at = now()
  where tenant_id = new.tenant_id and run_id = new.id and status = 'pending';
  return null;
end
$$;
create trigger runs_close_approvals after update on execution.runs for each row
  when (new.has_approvals and new.finished_at is not null and old.finished_at is null) execute function execution.close_approvals();
update execution.runs r set has_approvals = true from execution.approvals a where a.tenant_id = r.tenant_id and a.run_id = r.id and r.finished_at is null;
create index approvals_expiry_idx on execution.approvals (expires_at) where status = 'pending' and expires_at is not null;

-- Cancel or replay everything that a filter finds. Worked off in batches; each batch and the place it came to are one transaction.
create table execution.bulk_operations (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  action text not null check (action in ('cancel', 'replay')),
  filter jsonb not null check (jsonb_typeof(filter) = 'object'),
  reason text check (char_length(reason) <= 1000),
  status text not null default 'pending' check (status in ('pending', 'running', 'done', 'failed', 'canceled')),
  -- The last run that was dealt with; runs are taken in the order of their ids.
  position uuid not null default '00000000-0000-0000-0000-000000000000',
  total int check (total >= 0),
  done int not null default 0 check (done >= 0),
  failed int not null default 0 check (failed >= 0),
  error jsonb,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  constraint bulk_operations_final_check check ((finished_at is not null) = (status in ('done', 'failed', 'canceled')))
);
create index bulk_operations_open_idx on execution.bulk_operations (updated_at) where finished_at is null;
alter table execution.bulk_operations enable row level security;
alter table execution.bulk_operations force row level security;
create policy tenant_isolation on execution.bulk_operations
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.bulk_operations to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.bulk_operations for select to agentplatform_operator using (true);
grant select, insert, update on execution.bulk_operations to agentplatform_app;
grant select on execution.bulk_operations to agentplatform_engine, agentplatform_operator;
-- migrate:down
drop table execution.bulk_operations;
drop index execution.approvals_expiry_idx;
drop trigger runs_close_approvals on execution.runs;
drop function execution.close_approvals();
drop trigger approvals_mark_run on execution.approvals;
drop function execution.mark_approval();
drop trigger run_queue_heed_pauses on execution.run_queue;
drop function execution.heed_pauses();
drop table execution.paused_agents;
drop table execution.run_reused_steps;
revoke update (status, finished_attempt, finished_event, finished_at, overridden_output, overridden_by, overridden_at) on execution.run_steps from agentplatform_app;
alter table execution.run_steps drop column overridden_at;
revoke update (status, priority, error, finished_at, has_approvals) on execution.runs from agentplatform_app;
revoke insert on execution.runs from agentplatform_app;
alter table execution.runs drop column reuses, drop column has_approvals;
revoke update (priority, available_at, cancel_requested, parked, wakes, pause_requested, cancel_error, paused_with_agent, gate)
  on execution.run_queue from agentplatform_app;
revoke insert, delete on execution.run_queue from agentplatform_app;
drop index execution.run_queue_deadline_idx;
alter table execution.run_queue drop column cancel_error, drop column paused_with_agent, drop column deadline_at;
