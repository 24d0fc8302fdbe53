-- Runs that are over as soon as they begin are executed while their queue rows are locked, and ended in the transaction that locked them. A worker that dies of
-- one leaves nothing of that transaction; what it was about to try stands here, written before. It matters only as long as the database itself lives: unlogged.
-- Not a tenant table: a row is a worker's, with ids of many tenants' runs.
-- after: execution/0002
-- migrate:up
create unlogged table execution.trials (
  node_id uuid not null references execution.nodes on delete cascade,
  lane smallint not null check (lane >= 0),
  tenant_ids uuid[] not null,
  run_ids uuid[] not null check (cardinality(run_ids) = cardinality(tenant_ids)),
  primary key (node_id, lane)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
-- A claim's worth of ids is four kilobytes, which would be moved out of the row and in again with every claim.
alter table execution.trials alter column tenant_ids set storage plain, alter column run_ids set storage plain;
grant select, insert, update, delete on execution.trials to agentplatform_engine;
grant select on execution.trials to agentplatform_operator;
-- migrate:down
drop table execution.trials;
