-- Drafts: what an agent's next version will be, kept while it is being written, one for each agent (ADR 0046). A draft need not be valid.
-- A test run of a draft runs a version like any other, only that nobody sees it in the list of versions: is_draft.
-- migrate:up
create table agents.agent_drafts (
  tenant_id uuid not null references tenants.tenants (id),
  agent_id uuid not null,
  -- The version that it began from.
  base_version_id uuid,
  content json not null check (json_typeof(content) = 'object'),
  -- Outputs that stand in for those of nodes in test runs, by node.
  pinned json not null default '{}' check (json_typeof(pinned) = 'object'),
  created_by uuid,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  foreign key (tenant_id, base_version_id) references agents.agent_versions (tenant_id, id)
);
create index agent_drafts_base_version_idx on agents.agent_drafts (tenant_id, base_version_id);
alter table agents.agent_drafts enable row level security;
alter table agents.agent_drafts force row level security;
create policy tenant_isolation on agents.agent_drafts
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_drafts for select to agentplatform_operator using (true);
grant select, insert, update, delete on agents.agent_drafts to agentplatform_app;
grant select on agents.agent_drafts to agentplatform_operator;

alter table agents.agent_versions add column is_draft boolean not null default false;
-- migrate:down
drop table agents.agent_drafts;
alter table agents.agent_versions drop column is_draft;
