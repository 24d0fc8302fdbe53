-- What a step used is booked in the transaction that stores it; and others are told which attempt of a run is at work.
-- after: execution/0013, billing/0001
-- migrate:up
create function execution.book_usage() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
declare
  run record;
begin
  select r.agent_id, r.created_by, r.api_key_id into run from execution.runs r where r.tenant_id = new.tenant_id and r.id = new.run_id;
  perform platform.book_usage(new.tenant_id, new.id, new.run_id, run.agent_id, run.created_by, run.api_key_id, new.usage, coalesce(new.finished_at, now()));
  return null;
end
$$;
-- A step that uses nothing, as nearly all do, costs one comparison with null.
create trigger run_steps_book_new after insert on execution.run_steps for each row
  when (new.usage is not null) execute function execution.book_usage();
create trigger run_steps_book_ended after update of usage on execution.run_steps for each row
  when (new.usage is not null and old.usage is null) execute function execution.book_usage();

-- Null when no worker has the run.
create function platform.attempt_at_work(tenant uuid, run uuid) returns int
language sql stable set search_path = pg_catalog, execution as $$
  select q.attempt from execution.run_queue q where q.tenant_id = tenant and q.run_id = run and q.lease_owner is not null
$$;
-- migrate:down
drop function platform.attempt_at_work(uuid, uuid);
drop trigger run_steps_book_ended on execution.run_steps;
drop trigger run_steps_book_new on execution.run_steps;
drop function execution.book_usage();
