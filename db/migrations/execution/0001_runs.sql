-- Triggers, runs, their queue and their steps: what the run engine stands on.
-- Improved against the first data model:
--   * a worker node holds one lease (execution.nodes) instead of one per run: renewing is one row however much runs,
--     and fencing a lost node is one statement; run_queue.lease_owner names the node;
--   * inputs and outputs are json, not jsonb: they are stored exactly as they came (key order, number text), cost no parsing in the server,
--     and nothing searches inside them;
--   * steps need no index beside their primary key, because a step's id is computed from its run's (Domain/Execution/StepId.cs);
--   * runs has no index on status: what is not finished is in run_queue, and so finishing a run stays a heap-only update.
-- after: agents/0001
-- migrate:up
create schema execution;
grant usage on schema execution to agentplatform_app, agentplatform_engine, agentplatform_operator;

create table execution.triggers (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  agent_id uuid not null,
  name text not null check (char_length(name) between 1 and 255),
  kind text not null check (kind in ('schedule', 'webhook', 'manual', 'event')),
  cron text check (char_length(cron) <= 255),
  time_zone text check (char_length(time_zone) <= 64),
  misfire text check (misfire in ('skip', 'once', 'all')),
  next_fire_at timestamptz,
  last_fired_at timestamptz,
  webhook_path text check (webhook_path ~ '^[A-Za-z0-9_-]{1,128}$'),
  webhook_secret bytea check (octet_length(webhook_secret) <= 1024),
  previous_secret bytea check (octet_length(previous_secret) <= 1024),
  previous_secret_expires_at timestamptz,
  signature text check (signature in ('standard', 'github', 'stripe', 'slack', 'none')),
  input jsonb,
  version_id uuid,
  concurrency text not null default 'allow' check (concurrency in ('allow', 'skip', 'queue', 'replace')),
  max_concurrency int check (max_concurrency between 1 and 10000),
  is_enabled boolean not null default true,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  foreign key (tenant_id, version_id) references agents.agent_versions (tenant_id, id),
  constraint triggers_path_key unique (tenant_id, webhook_path),
  constraint triggers_webhook_check check (kind <> 'webhook' or (webhook_path is not null and signature is not null)),
  constraint triggers_secret_check check (signature is null or signature = 'none' or webhook_secret is not null)
);
create index triggers_agent_idx on execution.triggers (tenant_id, agent_id, id);
create index triggers_version_idx on execution.triggers (tenant_id, version_id);
alter table execution.triggers enable row level security;
alter table execution.triggers force row level security;
create policy tenant_isolation on execution.triggers
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on execution.triggers for select to agentplatform_operator using (true);
grant select, insert, update, delete on execution.triggers to agentplatform_app;
grant select on execution.triggers to agentplatform_operator;

-- One row per worker process. Not a tenant table: it holds no tenant's data.
create table execution.nodes (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 255),
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null
);
grant select, insert, update, delete on execution.nodes to agentplatform_engine;
grant select on execution.nodes to agentplatform_operator;

create table execution.runs (
  tenant_id uuid not null,
  id uuid not null,
  agent_id uuid not null,
  agent_version_id uuid not null,
  trigger_id uuid,
  trigger_source text not null check (trigger_source in ('manual', 'webhook', 'schedule', 'event', 'agent', 'replay')),
  parent_run_id uuid,
  root_run_id uuid,
  replay_of_run_id uuid,
  conversation_id uuid,
  status text not null check (status in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'canceled')),
  priority smallint not null default 0,
  input json not null,
  output json,
  error jsonb,
  usage jsonb,
  attempt int not null default 0 check (attempt >= 0),
  steps_total int not null default 0 check (steps_total >= 0),
  steps_completed int not null default 0 check (steps_completed >= 0),
  current_node text check (char_length(current_node) <= 63),
  cost_micros bigint not null default 0,
  created_by uuid,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  primary key (tenant_id, id),
  constraint runs_final_check check ((finished_at is not null) = (status in ('succeeded', 'failed', 'canceled')))
) partition by range (id);
create index runs_agent_idx on execution.runs (tenant_id, agent_id, id desc);
create trigger runs_final before update on execution.runs for each row
  when (old.status in ('succeeded', 'failed', 'canceled')) execute function platform.refuse_change();
alter table execution.runs enable row level security;
alter table execution.runs force row level security;
create policy tenant_isolation on execution.runs
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.runs to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.runs for select to agentplatform_operator using (true);
grant select on execution.runs to agentplatform_app, agentplatform_operator;
grant select, insert, update on execution.runs to agentplatform_engine;

create table execution.run_queue (
  tenant_id uuid not null,
  run_id uuid not null,
  priority smallint not null default 0,
  available_at timestamptz not null default now(),
  attempt int not null default 0 check (attempt >= 0),
  lease_owner uuid,
  cancel_requested boolean not null default false,
  primary key (tenant_id, run_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create index run_queue_claim_idx on execution.run_queue (priority desc, available_at, run_id) where lease_owner is null;
create index run_queue_owner_idx on execution.run_queue (lease_owner) where lease_owner is not null;
alter table execution.run_queue enable row level security;
alter table execution.run_queue force row level security;
create policy tenant_isolation on execution.run_queue
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.run_queue to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.run_queue for select to agentplatform_operator using (true);
grant select on execution.run_queue to agentplatform_app, agentplatform_operator;
grant select, insert, update, delete on execution.run_queue to agentplatform_engine;

create table execution.run_steps (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  node_id text not null check (char_length(node_id) between 1 and 63),
  idx int not null check (idx >= 0),
  item int,
  attempt int not null default 1 check (attempt >= 0),
  skill_id uuid,
  skill_version_id uuid,
  status text not null check (status in ('running', 'succeeded', 'failed', 'skipped', 'waiting', 'canceled')),
  input json,
  output json,
  overridden_output json,
  overridden_by uuid,
  error jsonb,
  usage jsonb,
  run_attempt int not null default 1,
  started_event int not null default 0,
  finished_event int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, id)
) partition by range (id);
alter table execution.run_steps enable row level security;
alter table execution.run_steps force row level security;
create policy tenant_isolation on execution.run_steps
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.run_steps to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.run_steps for select to agentplatform_operator using (true);
grant select on execution.run_steps to agentplatform_app, agentplatform_operator;
grant select, insert on execution.run_steps to agentplatform_engine;

create table execution.idempotency_keys (
  tenant_id uuid not null,
  scope text not null check (char_length(scope) between 1 and 128),
  key text not null check (char_length(key) between 1 and 255),
  request_hash bytea not null check (octet_length(request_hash) <= 32),
  run_id uuid,
  response bytea,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, scope, key)
);
-- Keys arrive in the order of their expiry, so a block range index finds the expired ones for a hundredth of a b-tree's cost.
create index idempotency_keys_expiry_idx on execution.idempotency_keys using brin (expires_at);
alter table execution.idempotency_keys enable row level security;
alter table execution.idempotency_keys force row level security;
create policy tenant_isolation on execution.idempotency_keys
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.idempotency_keys to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.idempotency_keys for select to agentplatform_operator using (true);
grant select, insert, update, delete on execution.idempotency_keys to agentplatform_app, agentplatform_engine;
grant select on execution.idempotency_keys to agentplatform_operator;

select platform.ensure_month_partitions('execution.runs', current_date, 1);
-- A run is updated once or twice soon after it was inserted; with room on its page that touches no index (heap-only update).
alter table execution.runs_default set (fillfactor = 60);
do $$
declare
  part regclass;
begin
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'execution.runs'::regclass loop
    execute format('alter table %s set (fillfactor = 60)', part);
  end loop;
end
$$;
select platform.ensure_month_partitions('execution.runs', current_date, 4);
select platform.ensure_month_partitions('execution.run_steps', current_date, 4);
-- migrate:down
drop schema execution cascade;
