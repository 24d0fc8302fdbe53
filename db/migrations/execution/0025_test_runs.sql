-- Test runs: of a draft, whole or in part (ADR 0046). Pinned outputs are steps that the run has before it begins, put there by who started it.
-- after: execution/0006
-- migrate:up
alter table execution.runs add column is_test boolean not null default false;
grant insert (tenant_id, id, run_id, node_id, idx, attempt, skill_id, skill_version_id, status, overridden_output, overridden_by, overridden_at, run_attempt,
  finished_event, started_at, finished_at) on execution.run_steps to agentplatform_app;
-- migrate:down
revoke insert (tenant_id, id, run_id, node_id, idx, attempt, skill_id, skill_version_id, status, overridden_output, overridden_by, overridden_at, run_attempt,
  finished_event, started_at, finished_at) on execution.run_steps from agentplatform_app;
alter table execution.runs drop column is_test;
