-- What models called: one row a call, however often it was tried. Its id is computed from the run and the step that makes the call, so the primary key is
-- what keeps a call from being noted twice, also after a crash. Written in the transaction of that step's result.
-- after: execution/0009
-- migrate:up
create table execution.tool_executions (
  tenant_id uuid not null,
  id uuid not null,
  -- The same for every attempt, and sent to the outside as the idempotency key.
  request_id text not null check (char_length(request_id) between 1 and 1200),
  run_id uuid not null,
  -- Of the last attempt; null while a person is asked.
  step_id uuid,
  conversation_id uuid,
  message_id uuid,
  agent_id uuid not null,
  -- Null for a tool that there is not.
  skill_id uuid,
  skill_version_id uuid,
  tool_name text not null check (char_length(tool_name) between 1 and 255),
  input json,
  -- What the model was told; whole it is in the step.
  output json,
  status text not null check (status in ('pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled')),
  attempts int not null default 1 check (attempts >= 0),
  http_status int check (http_status between 100 and 599),
  error_code text check (char_length(error_code) between 1 and 128),
  error_message text check (char_length(error_message) <= 4000),
  error_detail jsonb,
  duration_ms bigint check (duration_ms >= 0),
  llm_source text check (char_length(llm_source) <= 320),
  user_id uuid,
  metadata jsonb,
  started_at timestamptz not null,
  completed_at timestamptz,
  primary key (tenant_id, id),
  constraint tool_executions_final_check check ((completed_at is not null) = (status in ('succeeded', 'failed', 'timeout', 'canceled')))
) partition by range (id);
create index tool_executions_agent_idx on execution.tool_executions (tenant_id, agent_id, id desc);
alter table execution.tool_executions enable row level security;
alter table execution.tool_executions force row level security;
create policy tenant_isolation on execution.tool_executions
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.tool_executions to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.tool_executions for select to agentplatform_operator using (true);
grant select on execution.tool_executions to agentplatform_app, agentplatform_operator;
grant select, insert, update, delete on execution.tool_executions to agentplatform_engine;
select platform.ensure_month_partitions('execution.tool_executions', current_date, 4);
-- migrate:down
drop table execution.tool_executions;
