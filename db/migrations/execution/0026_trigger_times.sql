-- What firing changes at a trigger gets a table of its own (ADR 0047): a fire writes a row of a hundred bytes and two index entries
-- instead of a row with cron, input mapping and secrets and an entry in each of five indexes.
-- after: execution/0025
-- migrate:up
create table execution.trigger_times (
  tenant_id uuid not null,
  trigger_id uuid not null,
  -- The trigger's own, repeated here so that the index below holds nothing that may not fire.
  is_enabled boolean not null,
  next_fire_at timestamptz,
  last_fired_at timestamptz,
  last_skipped_at timestamptz,
  skip_reason text check (char_length(skip_reason) between 1 and 64),
  primary key (tenant_id, trigger_id),
  foreign key (tenant_id, trigger_id) references execution.triggers (tenant_id, id) on delete cascade
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
insert into execution.trigger_times (tenant_id, trigger_id, is_enabled, next_fire_at, last_fired_at, last_skipped_at, skip_reason)
  select tenant_id, id, is_enabled, next_fire_at, last_fired_at, last_skipped_at, skip_reason from execution.triggers;
-- What is due: of a million triggers the left end of this index, over all tenants.
create index trigger_times_due_idx on execution.trigger_times (next_fire_at) where is_enabled and next_fire_at is not null;
alter table execution.trigger_times enable row level security;
alter table execution.trigger_times force row level security;
create policy tenant_isolation on execution.trigger_times
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.trigger_times to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.trigger_times for select to agentplatform_operator using (true);
grant select, insert, update on execution.trigger_times to agentplatform_app;
grant select, update (next_fire_at, last_fired_at, last_skipped_at, skip_reason) on execution.trigger_times to agentplatform_engine;
grant select on execution.trigger_times to agentplatform_operator;

revoke update (next_fire_at, last_fired_at, last_skipped_at, skip_reason) on execution.triggers from agentplatform_engine;
drop index execution.triggers_due_idx;
alter table execution.triggers reset (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);
alter table execution.triggers drop column next_fire_at, drop column last_fired_at, drop column last_skipped_at, drop column skip_reason;
-- migrate:down
alter table execution.triggers
  add column next_fire_at timestamptz,
  add column last_fired_at timestamptz,
  add column last_skipped_at timestamptz,
  add column skip_reason text check (char_length(skip_reason) between 1 and 64);
update execution.triggers t
set next_fire_at = w.next_fire_at, last_fired_at = w.last_fired_at, last_skipped_at = w.last_skipped_at, skip_reason = w.skip_reason
from execution.trigger_times w where w.tenant_id = t.tenant_id and w.trigger_id = t.id;
alter table execution.triggers set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index triggers_due_idx on execution.triggers (next_fire_at) where is_enabled and next_fire_at is not null;
grant update (next_fire_at, last_fired_at, last_skipped_at, skip_reason) on execution.triggers to agentplatform_engine;
drop table execution.trigger_times;
