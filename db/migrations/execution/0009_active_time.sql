-- How long a run has been at work: what its agent's time limit counts. The time that it waited or was paused does not.
-- A detached child runs for itself: its parent neither waits for it nor ends it.
-- after: execution/0003
-- migrate:up
alter table execution.run_queue add column active_ms bigint not null default 0 check (active_ms >= 0);
alter table execution.runs add column detached boolean not null default false;
drop trigger runs_ring_parent on execution.runs;
create trigger runs_ring_parent after update on execution.runs for each row
  when (new.parent_run_id is not null and not new.detached and new.finished_at is not null and old.finished_at is null) execute function execution.ring_parent();
-- migrate:down
drop trigger runs_ring_parent on execution.runs;
create trigger runs_ring_parent after update on execution.runs for each row
  when (new.parent_run_id is not null and new.finished_at is not null and old.finished_at is null) execute function execution.ring_parent();
alter table execution.runs drop column detached;
alter table execution.run_queue drop column active_ms;
