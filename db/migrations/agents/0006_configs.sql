-- Settings that an agent's runs read as `config.<key>`. Beyond the data model: no `type`, which a JSON value says itself; `json` and not `jsonb`, because a run
-- carries the text on (ADR 0009).
-- migrate:up
create table agents.agent_configs (
  tenant_id uuid not null references tenants.tenants (id),
  agent_id uuid not null,
  key text not null check (key ~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$'),
  value json,
  secret bytea check (octet_length(secret) <= 131072),
  is_encrypted boolean not null default false,
  description text check (char_length(description) <= 1000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id, key),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  constraint agent_configs_value_check check (case when is_encrypted then value is null and secret is not null else value is not null and secret is null end)
);
alter table agents.agent_configs enable row level security;
alter table agents.agent_configs force row level security;
create policy tenant_isolation on agents.agent_configs
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_configs for select to agentplatform_operator using (true);
grant select, insert, update, delete on agents.agent_configs to agentplatform_app;
-- Not what is encrypted.
grant select (tenant_id, agent_id, key, is_encrypted, description, created_at, updated_at) on agents.agent_configs to agentplatform_operator;
-- migrate:down
drop table agents.agent_configs;
