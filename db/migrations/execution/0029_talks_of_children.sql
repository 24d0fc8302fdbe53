-- What agents say to each other below a conversation is its user's too: child runs carry their conversation (ADR 0045). Only the run at the top is the reply.
-- after: execution/0025
-- migrate:up
drop trigger runs_finish_reply on execution.runs;
create trigger runs_finish_reply after update on execution.runs for each row
  when (new.conversation_id is not null and new.parent_run_id is null and new.finished_at is not null and old.finished_at is null)
  execute function execution.finish_reply();
-- migrate:down
drop trigger runs_finish_reply on execution.runs;
create trigger runs_finish_reply after update on execution.runs for each row
  when (new.conversation_id is not null and new.finished_at is not null and old.finished_at is null) execute function execution.finish_reply();
