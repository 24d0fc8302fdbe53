-- A statement that looks runs up by tenant and id may be planned while a month's table is still empty: then the index by agent costs the planner the same as the
-- primary key, and for as long as the plan is kept every lookup reads the tenant's part of it. As a partial index it serves only those who ask for an agent.
-- after: execution/0014
-- migrate:up
create index runs_of_agent_idx on execution.runs (tenant_id, agent_id, id desc) where agent_id is not null;
drop index execution.runs_agent_idx;
create index tool_executions_of_agent_idx on execution.tool_executions (tenant_id, agent_id, id desc) where agent_id is not null;
drop index execution.tool_executions_agent_idx;
-- migrate:down
create index tool_executions_agent_idx on execution.tool_executions (tenant_id, agent_id, id desc);
drop index execution.tool_executions_of_agent_idx;
create index runs_agent_idx on execution.runs (tenant_id, agent_id, id desc);
drop index execution.runs_of_agent_idx;
