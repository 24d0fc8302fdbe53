-- What all of a tenant's runs did, one row for each commit, agent and course, so that a stream of them can be read across nodes and resumed without a gap;
-- and the trace that a run belongs to.
-- Order: a row's transaction id, then its own id. A reader takes only what lies before the oldest transaction that is still under way: nothing can appear there later.
-- Who writes thousands of runs a second notes their changes in the same statement and says so by app.notes_changes; for everybody else triggers do it.
-- after: execution/0003
-- migrate:up
create table execution.run_changes (
  tenant_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  -- Microseconds and chance: in the order of statements within a transaction, and no counter that would tell one tenant of the others.
  id uuid not null default (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 16, '0') || '0000' || right(gen_random_uuid()::text, 12))::uuid,
  agent_id uuid not null,
  -- The states that each of these runs went through in this commit, in order.
  statuses text[] not null check (cardinality(statuses) between 1 and 8),
  run_ids uuid[] not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, xid, id)
) with (toast_tuple_target = 8160);
-- Ids do not compress; trying to would cost more than all the rest.
alter table execution.run_changes alter column run_ids set storage external;
-- Rows come in the order of their time.
create index run_changes_age_idx on execution.run_changes using brin (created_at);
alter table execution.run_changes enable row level security;
alter table execution.run_changes force row level security;
create policy tenant_isolation on execution.run_changes
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.run_changes to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.run_changes for select to agentplatform_operator using (true);
grant select, insert on execution.run_changes to agentplatform_app;
grant select, insert, delete on execution.run_changes to agentplatform_engine;
grant select on execution.run_changes to agentplatform_operator;

create function execution.note_new_runs() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
  select tenant_id, agent_id,
    case status when 'queued' then array['queued'] when 'paused' then array['queued', 'paused'] when 'running' then array['queued', 'running'] else array['queued', 'running', status] end,
    array_agg(id)
  from fresh group by tenant_id, agent_id, status;
  return null;
end
$$;
create function execution.note_changed_runs() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
  select n.tenant_id, n.agent_id, array[n.status], array_agg(n.id)
  from after_change n join before_change b on b.tenant_id = n.tenant_id and b.id = n.id
  where n.status <> b.status or n.attempt <> b.attempt
  group by n.tenant_id, n.agent_id, n.status;
  return null;
end
$$;
create trigger runs_note_new after insert on execution.runs
  referencing new table as fresh for each statement
  when (current_setting('app.notes_changes', true) is distinct from 'on') execute function execution.note_new_runs();
create trigger runs_note_changed after update on execution.runs
  referencing old table as before_change new table as after_change for each statement
  when (current_setting('app.notes_changes', true) is distinct from 'on') execute function execution.note_changed_runs();

-- W3C traceparent of the span that started the run; null where nobody traces.
alter table execution.runs add column trace_parent text check (char_length(trace_parent) <= 64);
-- migrate:down
alter table execution.runs drop column trace_parent;
drop trigger runs_note_changed on execution.runs;
drop trigger runs_note_new on execution.runs;
drop function execution.note_changed_runs();
drop function execution.note_new_runs();
drop table execution.run_changes;
