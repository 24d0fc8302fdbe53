-- How long the details of runs are kept, by plan. The rows are the platform's defaults; an operator changes them here.
-- after: execution/0003, platform/0003
-- migrate:up
create table execution.retention (
  plan text primary key check (char_length(plan) between 1 and 63),
  -- Steps of a run that has ended.
  detail_days int not null check (detail_days between 1 and 3650),
  -- The run itself; a month is put away when no plan keeps its runs any more.
  run_days int not null check (run_days between 1 and 3650),
  constraint retention_order_check check (run_days >= detail_days)
);
insert into execution.retention (plan, detail_days, run_days) values
  ('free', 7, 90), ('starter', 30, 180), ('pro', 90, 365), ('enterprise', 365, 365);
grant select on execution.retention to agentplatform_engine, agentplatform_operator;
grant delete on execution.run_steps to agentplatform_engine;
-- migrate:down
revoke delete on execution.run_steps from agentplatform_engine;
drop table execution.retention;
