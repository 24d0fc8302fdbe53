-- When a run was last announced to the message broker, where one is configured; null when it was not, and from each claim on.
-- No index: what was announced and waits is never more than the broker's short line, so who looks for the rest reads past little.
-- after: execution/0004
-- migrate:up
alter table execution.run_queue add column announced_at timestamptz;
-- migrate:down
alter table execution.run_queue drop column announced_at;
