-- What runs do is noted row by row where the writer does not note it itself. Statement triggers with transition tables copied every row of every statement,
-- also of the engine's own, which need no note.
-- migrate:up
drop trigger runs_note_new on execution.runs;
drop trigger runs_note_changed on execution.runs;
drop function execution.note_new_runs();
drop function execution.note_changed_runs();

create function execution.note_run() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
begin
  insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
  values (new.tenant_id, new.agent_id,
    case
      when tg_op = 'UPDATE' or new.status = 'queued' then array[new.status]
      when new.status in ('paused', 'running') then array['queued', new.status]
      else array['queued', 'running', new.status]
    end, array[new.id]);
  return null;
end
$$;
create trigger runs_note_new after insert on execution.runs for each row
  when (current_setting('app.notes_changes', true) is distinct from 'on') execute function execution.note_run();
create trigger runs_note_changed after update on execution.runs for each row
  when ((new.status <> old.status or new.attempt <> old.attempt) and current_setting('app.notes_changes', true) is distinct from 'on')
  execute function execution.note_run();
-- migrate:down
drop trigger runs_note_changed on execution.runs;
drop trigger runs_note_new on execution.runs;
drop function execution.note_run();

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
