-- The registry of skills (a node's type in a graph, and a tool that a model may call), their versions, tags, and what an agent is bound to.
--
-- A skill version is a draft (neither flag), active, or deprecated; never active and deprecated at once. A reference without an exact
-- version resolves to the newest active version that fits, and only when there is none to the newest deprecated one. So a deprecated version
-- still resolves when it is pinned, with a warning: customers' graphs do not stop compiling because a skill's author moved on. A draft never resolves.
--
-- Skills of the platform have slugs with underscores (http_request), a tenant's cannot, so most names can never collide; where one does,
-- the tenant's own skill wins, which keeps old graphs what they were when the platform adds a skill later.
-- migrate:up
create table agents.skills (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 3 and 255),
  description text check (char_length(description) between 1 and 4000),
  type text not null check (type in ('llm', 'http_request', 'code', 'transform', 'builtin', 'agent', 'mcp', 'retrieval')),
  category text not null check (category in ('api', 'database', 'computation', 'integration', 'utility')),
  is_active boolean not null default true,
  created_by uuid,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id)
);
create unique index skills_slug_key on agents.skills (tenant_id, slug) where deleted_at is null;
create index skills_live_idx on agents.skills (tenant_id, id desc) where deleted_at is null;

create table agents.skill_versions (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  skill_id uuid not null,
  semantic_version text not null check (char_length(semantic_version) between 5 and 64),
  spec jsonb not null default '{}' check (jsonb_typeof(spec) = 'object'),
  input_schema jsonb,
  output_schema jsonb,
  source_code text check (char_length(source_code) between 1 and 262144),
  language text check (language in ('javascript', 'typescript', 'python')),
  is_active boolean not null default true,
  is_deprecated boolean not null default false,
  deprecation_message text check (char_length(deprecation_message) between 1 and 1000),
  changelog text check (char_length(changelog) between 1 and 4000),
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, skill_id, semantic_version),
  foreign key (tenant_id, skill_id) references agents.skills (tenant_id, id),
  check (not (is_active and is_deprecated)),
  check (deprecation_message is null or is_deprecated)
);
create index skill_versions_skill_idx on agents.skill_versions (tenant_id, skill_id, id desc);

-- Immutable but for its standing: what a version does never changes, whether it should still be used may.
create function agents.refuse_skill_version_change() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  allowed agents.skill_versions := old;
begin
  if tg_op = 'UPDATE' then
    allowed.is_active := new.is_active;
    allowed.is_deprecated := new.is_deprecated;
    allowed.deprecation_message := new.deprecation_message;
    if new is not distinct from allowed then
      return new;
    end if;
  end if;
  raise exception 'agents.skill_versions is immutable but for is_active, is_deprecated and deprecation_message'
    using errcode = 'restrict_violation';
end $$;
revoke all on function agents.refuse_skill_version_change() from public;
create trigger refuse_change before update or delete on agents.skill_versions
  for each row execute function agents.refuse_skill_version_change();
create trigger refuse_truncate before truncate on agents.skill_versions
  for each statement execute function platform.refuse_change();

create table agents.tags (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 255),
  description text check (char_length(description) between 1 and 4000),
  color text check (color ~ '^#[0-9A-Fa-f]{6}$'),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint tags_slug_key unique (tenant_id, slug)
);

create table agents.skill_tags (
  tenant_id uuid not null references tenants.tenants (id),
  skill_id uuid not null,
  tag_id uuid not null,
  assigned_at timestamptz not null default now(),
  primary key (tenant_id, skill_id, tag_id),
  foreign key (tenant_id, skill_id) references agents.skills (tenant_id, id),
  foreign key (tenant_id, tag_id) references agents.tags (tenant_id, id)
);
create index skill_tags_tag_idx on agents.skill_tags (tenant_id, tag_id, skill_id);

create table agents.agent_skills (
  tenant_id uuid not null references tenants.tenants (id),
  agent_id uuid not null,
  -- No foreign key: it may be one of the platform's skills. Skills are only deleted softly.
  skill_id uuid not null,
  priority integer not null default 0 check (priority between 0 and 1000),
  enabled boolean not null default true,
  added_at timestamptz not null default now(),
  primary key (tenant_id, agent_id, skill_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id)
);

alter table agents.skills enable row level security;
alter table agents.skills force row level security;
create policy tenant_isolation on agents.skills
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on agents.skills for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on agents.skills for select to agentplatform_operator using (true);

alter table agents.skill_versions enable row level security;
alter table agents.skill_versions force row level security;
create policy tenant_isolation on agents.skill_versions
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on agents.skill_versions for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on agents.skill_versions for select to agentplatform_operator using (true);

alter table agents.tags enable row level security;
alter table agents.tags force row level security;
create policy tenant_isolation on agents.tags
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on agents.tags for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on agents.tags for select to agentplatform_operator using (true);

alter table agents.skill_tags enable row level security;
alter table agents.skill_tags force row level security;
create policy tenant_isolation on agents.skill_tags
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on agents.skill_tags for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on agents.skill_tags for select to agentplatform_operator using (true);

alter table agents.agent_skills enable row level security;
alter table agents.agent_skills force row level security;
create policy tenant_isolation on agents.agent_skills
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_skills for select to agentplatform_operator using (true);

grant select, insert, update on agents.skills, agents.skill_versions to agentplatform_app;
grant select, insert on agents.tags to agentplatform_app;
grant select, insert, delete on agents.skill_tags to agentplatform_app;
grant select, insert, update, delete on agents.agent_skills to agentplatform_app;
grant select on agents.skills, agents.skill_versions, agents.tags, agents.skill_tags, agents.agent_skills to agentplatform_operator;
-- migrate:down
drop table agents.agent_skills;
drop table agents.skill_tags;
drop table agents.tags;
drop table agents.skill_versions;
drop function agents.refuse_skill_version_change();
drop table agents.skills;
