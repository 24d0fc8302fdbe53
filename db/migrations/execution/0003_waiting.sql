-- Runs that wait (for a time, a signal, a person, a child run) or are paused hold no lease: their queue row is parked.
-- Whatever happens for a run rings it: `wakes` is counted under the row's lock, so a run that is just about to park cannot miss it.
-- after: execution/0002
-- migrate:up
alter table execution.run_queue
  add column parked boolean not null default false,
  add column wakes int not null default 0,
  add column pause_requested boolean not null default false;
drop index execution.run_queue_claim_idx;
create index run_queue_claim_idx on execution.run_queue (priority desc, available_at, run_id) where lease_owner is null and not parked;
-- Parked runs are apart, so that a million of them does not lie in the way of a claim.
create index run_queue_parked_idx on execution.run_queue (available_at) where parked;

alter table execution.runs
  add column depth smallint not null default 0 check (depth between 0 and 8),
  -- The agents above a child run, from the root down: a cycle is refused before it begins.
  add column lineage uuid[],
  -- What expressions read as `config`, as it was when the run was accepted; null is empty.
  add column config json;
create index runs_parent_idx on execution.runs (tenant_id, parent_run_id, id) where parent_run_id is not null;

alter table execution.run_steps
  -- Where in nested bodies: `each[3]/until[0]`; null in the run's own graph.
  add column path text check (char_length(path) <= 1024),
  -- The attempt of the run in which the step ended, where that is not the one in which it began.
  add column finished_attempt int;
grant update on execution.run_steps to agentplatform_engine;

-- Rings a run: one that is parked and not paused becomes claimable, one under way is told to look at what came in.
-- A run that is paused stays so; it finds what happened when it is resumed.
create function execution.ring(tenant uuid, run uuid) returns void
language sql set search_path = pg_catalog, execution as $$
  update execution.run_queue
  set wakes = wakes + 1, parked = parked and pause_requested, available_at = case when parked and not pause_requested then now() else available_at end
  where tenant_id = tenant and run_id = run;
  select pg_notify('run_control', tenant || ':' || run);
$$;

-- A run that ends tells the one that waits for it, whoever ended it.
create function execution.ring_parent() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  perform execution.ring(new.tenant_id, new.parent_run_id);
  return null;
end
$$;
create trigger runs_ring_parent after update on execution.runs for each row
  when (new.parent_run_id is not null and new.finished_at is not null and old.finished_at is null) execute function execution.ring_parent();

create table execution.run_signals (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  name text not null check (name ~ '^[A-Za-z0-9_.-]{1,128}$'),
  payload json not null,
  sent_by uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index run_signals_run_idx on execution.run_signals (tenant_id, run_id, id);
alter table execution.run_signals enable row level security;
alter table execution.run_signals force row level security;
create policy tenant_isolation on execution.run_signals
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.run_signals to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.run_signals for select to agentplatform_operator using (true);
grant select, insert on execution.run_signals to agentplatform_app;
grant select, insert, delete on execution.run_signals to agentplatform_engine;
grant select on execution.run_signals to agentplatform_operator;

create table execution.approvals (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  path text check (char_length(path) <= 1024),
  node_id text not null check (char_length(node_id) between 1 and 63),
  title text not null check (char_length(title) between 1 and 255),
  payload json,
  assignee_user_id uuid,
  assignee_team_id uuid,
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'expired', 'canceled')),
  edited_payload json,
  decided_by uuid,
  decided_at timestamptz,
  comment text check (char_length(comment) <= 4000),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint approvals_decided_check check ((decided_at is not null) = (status in ('approved', 'rejected', 'expired', 'canceled')))
);
create index approvals_run_idx on execution.approvals (tenant_id, run_id);
create index approvals_list_idx on execution.approvals (tenant_id, status, id desc);
alter table execution.approvals enable row level security;
alter table execution.approvals force row level security;
create policy tenant_isolation on execution.approvals
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.approvals to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.approvals for select to agentplatform_operator using (true);
grant select, update on execution.approvals to agentplatform_app;
grant select, insert, update on execution.approvals to agentplatform_engine;
grant select on execution.approvals to agentplatform_operator;
-- migrate:down
drop table execution.approvals;
drop table execution.run_signals;
drop trigger runs_ring_parent on execution.runs;
drop function execution.ring_parent();
drop function execution.ring(uuid, uuid);
alter table execution.run_steps drop column path, drop column finished_attempt;
revoke update on execution.run_steps from agentplatform_engine;
drop index execution.runs_parent_idx;
alter table execution.runs drop column depth, drop column lineage, drop column config;
drop index execution.run_queue_parked_idx;
drop index execution.run_queue_claim_idx;
alter table execution.run_queue drop column parked, drop column wakes, drop column pause_requested;
create index run_queue_claim_idx on execution.run_queue (priority desc, available_at, run_id) where lease_owner is null;
