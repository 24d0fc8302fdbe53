-- Agents, their immutable versions, and which skills each version is pinned to.
--
-- Beyond docs/data-model: agent_version_skills. A reference such as "slack-post@1" is resolved once, when the version is made,
-- and stays resolved to that skill version: a skill published later never changes what an accepted version does.
-- The same rows answer "which agents use skill X". The GIN index on graph cannot do that for the application: under row-level
-- security the planner uses only leakproof operators as index conditions, and neither jsonb @> nor array @> is one. Its b-tree
-- (tenant, skill) is. The GIN index stays for whoever reads across tenants without that barrier (agentplatform_operator).
-- For the same reason text search is ILIKE over the tenant's own live rows, which the partial index keeps together.
-- Also beyond it: what a version holds is json, not jsonb, so that a definition comes out as it went in, with its members in their order.
-- after: tenants/0002
-- migrate:up
create schema agents;
grant usage on schema agents to agentplatform_app, agentplatform_engine, agentplatform_operator;

create table agents.agents (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 3 and 255),
  description text check (char_length(description) between 1 and 4000),
  kind text not null check (kind in ('agent', 'workflow')),
  category text check (char_length(category) between 1 and 63),
  icon text check (char_length(icon) between 1 and 255),
  status text not null check (status in ('active', 'inactive', 'archived')),
  latest_version_id uuid,
  tags text[] not null default '{}' check (cardinality(tags) <= 32),
  capabilities text[] not null default '{}' check (cardinality(capabilities) <= 32),
  is_public boolean not null default false,
  memory_enabled boolean not null default false,
  limits jsonb not null default '{}' check (jsonb_typeof(limits) = 'object'),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  usage_count bigint not null default 0 check (usage_count >= 0),
  last_used_at timestamptz,
  activity_score real not null default 0 check (activity_score between 0 and 1),
  created_by uuid,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id)
);
-- A deleted agent gives its slug free.
create unique index agents_slug_key on agents.agents (tenant_id, slug) where deleted_at is null;
create index agents_live_idx on agents.agents (tenant_id, id desc) where deleted_at is null;
-- Serves the foreign key below and the way back from a version to the agent whose latest it is.
create index agents_latest_version_idx on agents.agents (tenant_id, latest_version_id);

create table agents.agent_versions (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  agent_id uuid not null,
  semantic_version text not null check (char_length(semantic_version) between 5 and 64),
  graph json not null check (json_typeof(graph) = 'object'),
  default_params json not null default '{}' check (json_typeof(default_params) = 'object'),
  model json check (json_typeof(model) = 'object'),
  system_prompt text check (char_length(system_prompt) between 1 and 65536),
  input_schema json,
  output_schema json,
  changelog text check (char_length(changelog) between 1 and 4000),
  content_hash text not null check (char_length(content_hash) between 16 and 128),
  created_by uuid,
  created_by_run_id uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, agent_id, semantic_version),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id)
);
create index agent_versions_agent_idx on agents.agent_versions (tenant_id, agent_id, id desc);
create index agent_versions_graph_idx on agents.agent_versions using gin ((graph::jsonb) jsonb_path_ops);
create trigger refuse_change before update or delete on agents.agent_versions
  for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on agents.agent_versions
  for each statement execute function platform.refuse_change();

-- Deferred: an agent and its first version are stored together, and each names the other.
alter table agents.agents add foreign key (tenant_id, latest_version_id)
  references agents.agent_versions (tenant_id, id) deferrable initially deferred;

create table agents.agent_version_skills (
  tenant_id uuid not null references tenants.tenants (id),
  agent_version_id uuid not null,
  -- As the graph writes it: slug, slug@1, slug@1.2.0.
  reference text not null check (char_length(reference) between 1 and 130),
  skill text not null check (char_length(skill) between 1 and 63),
  -- No foreign key: it may be the platform's row, and a key that begins with tenant_id cannot name it. Skill versions are never deleted.
  skill_version_id uuid not null,
  primary key (tenant_id, agent_version_id, reference),
  foreign key (tenant_id, agent_version_id) references agents.agent_versions (tenant_id, id)
);
create index agent_version_skills_skill_idx on agents.agent_version_skills (tenant_id, skill, agent_version_id);
create trigger refuse_change before update or delete on agents.agent_version_skills
  for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on agents.agent_version_skills
  for each statement execute function platform.refuse_change();

alter table agents.agents enable row level security;
alter table agents.agents force row level security;
create policy tenant_isolation on agents.agents
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agents for select to agentplatform_operator using (true);

alter table agents.agent_versions enable row level security;
alter table agents.agent_versions force row level security;
create policy tenant_isolation on agents.agent_versions
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_versions for select to agentplatform_operator using (true);

alter table agents.agent_version_skills enable row level security;
alter table agents.agent_version_skills force row level security;
create policy tenant_isolation on agents.agent_version_skills
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_version_skills for select to agentplatform_operator using (true);

grant select, insert, update on agents.agents to agentplatform_app;
grant select, insert on agents.agent_versions, agents.agent_version_skills to agentplatform_app;
grant select on agents.agents, agents.agent_versions, agents.agent_version_skills to agentplatform_operator;
-- migrate:down
drop table agents.agent_version_skills;
alter table agents.agents drop column latest_version_id;
drop table agents.agent_versions;
drop table agents.agents;
drop schema agents;
