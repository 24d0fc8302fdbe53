-- Teams: people whom an approval can be given to together. A member who leaves the tenant leaves its teams.
-- after: tenants/0002
-- migrate:up
create table tenants.teams (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 200),
  description text check (char_length(description) <= 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint teams_slug_key unique (tenant_id, slug)
);

create table tenants.team_members (
  tenant_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  role text not null default 'member' check (role in ('lead', 'member')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, team_id, user_id),
  constraint team_members_team_fkey foreign key (tenant_id, team_id) references tenants.teams (tenant_id, id) on delete cascade,
  constraint team_members_member_fkey foreign key (tenant_id, user_id) references tenants.memberships (tenant_id, user_id) on delete cascade
);
create index team_members_user_idx on tenants.team_members (tenant_id, user_id);

alter table tenants.teams enable row level security;
alter table tenants.teams force row level security;
alter table tenants.team_members enable row level security;
alter table tenants.team_members force row level security;
create policy tenant_isolation on tenants.teams
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy tenant_isolation on tenants.team_members
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on tenants.teams for select to agentplatform_operator using (true);
create policy operator_reads on tenants.team_members for select to agentplatform_operator using (true);
grant select, insert, delete on tenants.teams to agentplatform_app;
grant update (slug, name, description, updated_at) on tenants.teams to agentplatform_app;
grant select, insert, delete on tenants.team_members to agentplatform_app;
grant update (role, updated_at) on tenants.team_members to agentplatform_app;
grant select on tenants.teams, tenants.team_members to agentplatform_operator;
-- migrate:down
drop table tenants.team_members, tenants.teams;
