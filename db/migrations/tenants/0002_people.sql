-- Who belongs to which tenant, and with which role.
-- Differs from the data model where that is better: one `name` instead of first and last name (many names do not split), grants beyond the
-- role are text[] like every other list of permissions, an e-mail is lower-cased ASCII text with a check instead of citext (whose operators
-- a function with a pinned search_path does not find), and failed logins are counted in login_throttles, also for accounts that do not exist.
-- after: platform/0001

-- migrate:up

create table tenants.users (
  id uuid primary key,
  email text not null unique check (char_length(email) between 6 and 254 and email = lower(email) and email ~ '^[!-?A-~]+@[a-z0-9.-]+$'),
  username text unique check (username ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 200),
  avatar_url text check (char_length(avatar_url) between 1 and 2000),
  password_hash text check (char_length(password_hash) between 1 and 500),
  status text not null default 'active' check (status in ('active', 'inactive', 'suspended')),
  email_verified_at timestamptz,
  last_login_at timestamptz,
  is_operator boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table tenants.tenants (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 200),
  description text check (char_length(description) <= 2000),
  status text not null default 'active' check (status in ('active', 'suspended', 'deleted')),
  plan text not null default 'free' check (plan in ('free', 'starter', 'pro', 'enterprise')),
  owner_user_id uuid references tenants.users (id),
  contact_email text check (char_length(contact_email) between 6 and 254),
  contact_name text check (char_length(contact_name) between 1 and 200),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  home_region text check (char_length(home_region) between 1 and 63),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index tenants_owner_user_id_idx on tenants.tenants (owner_user_id);

-- Owns what the platform itself brings along (roles, built-in skills, vendors).
insert into tenants.tenants (id, slug, name) values ('00000000-0000-0000-0000-000000000000', 'platform', 'Platform');

create table tenants.memberships (
  tenant_id uuid not null references tenants.tenants (id),
  user_id uuid not null references tenants.users (id),
  role text not null check (role in ('owner', 'admin', 'developer', 'viewer')),
  permissions text[] not null default '{}' check (cardinality(permissions) <= 100),
  status text not null default 'active' check (status in ('active', 'suspended')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index memberships_user_id_idx on tenants.memberships (user_id);

create table tenants.invitations (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  email text not null check (char_length(email) between 6 and 254 and email = lower(email)),
  role text not null check (role in ('owner', 'admin', 'developer', 'viewer')),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  invited_by uuid not null references tenants.users (id),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, token_hash)
);
-- One open invitation a person: inviting again replaces the token of the first.
create unique index invitations_open on tenants.invitations (tenant_id, email) where accepted_at is null;
create index invitations_invited_by_idx on tenants.invitations (invited_by);

-- The built-in ones belong to the platform tenant; policies/roles.json is their source, written here at every start.
create table tenants.roles (
  tenant_id uuid not null references tenants.tenants (id),
  name text not null check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  description text not null check (char_length(description) between 1 and 500),
  permissions text[] not null check (cardinality(permissions) between 1 and 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, name)
);

alter table tenants.users enable row level security;
alter table tenants.users force row level security;
alter table tenants.tenants enable row level security;
alter table tenants.tenants force row level security;
alter table tenants.memberships enable row level security;
alter table tenants.memberships force row level security;
alter table tenants.invitations enable row level security;
alter table tenants.invitations force row level security;
alter table tenants.roles enable row level security;
alter table tenants.roles force row level security;

create policy own_row on tenants.users
  using (id = (select tenants.current_user_id())) with check (id = (select tenants.current_user_id()));
create policy colleagues_read on tenants.users for select
  using (id in (select m.user_id from tenants.memberships m where m.tenant_id = (select tenants.current_tenant_id())));
create policy tenant_isolation on tenants.tenants
  using (id = (select tenants.current_tenant_id())) with check (id = (select tenants.current_tenant_id()));
create policy members_read on tenants.tenants for select
  using (id in (select m.tenant_id from tenants.memberships m where m.user_id = (select tenants.current_user_id())));
create policy engine_reads on tenants.tenants for select to agentplatform_engine using (true);
create policy tenant_isolation on tenants.memberships
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy own_memberships_read on tenants.memberships for select
  using (user_id = (select tenants.current_user_id()));
create policy tenant_isolation on tenants.invitations
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy tenant_isolation on tenants.roles
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_reads on tenants.roles for select
  using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on tenants.users for select to agentplatform_operator using (true);
create policy operator_reads on tenants.tenants for select to agentplatform_operator using (true);
create policy operator_reads on tenants.memberships for select to agentplatform_operator using (true);
create policy operator_reads on tenants.invitations for select to agentplatform_operator using (true);
create policy operator_reads on tenants.roles for select to agentplatform_operator using (true);

-- Password hashes leave the database only through tenants.begin_login; nobody makes an operator, or lifts a suspension, through the API.
grant select (id, email, username, name, avatar_url, status, email_verified_at, last_login_at, created_at, updated_at, deleted_at)
  on tenants.users to agentplatform_app, agentplatform_operator;
grant select (is_operator) on tenants.users to agentplatform_operator;
grant insert (id, email, name, password_hash) on tenants.users to agentplatform_app;
grant update (username, name, avatar_url, password_hash, last_login_at, updated_at) on tenants.users to agentplatform_app;
grant select on tenants.tenants to agentplatform_app, agentplatform_operator;
grant insert (id, slug, name, owner_user_id, contact_email, contact_name) on tenants.tenants to agentplatform_app;
grant update (name, description, owner_user_id, contact_email, contact_name, settings, metadata, updated_at) on tenants.tenants to agentplatform_app;
grant select (id, slug, status, plan) on tenants.tenants to agentplatform_engine;
grant select, insert, update, delete on tenants.memberships to agentplatform_app;
grant select, insert, update, delete on tenants.invitations to agentplatform_app;
grant select on tenants.memberships to agentplatform_operator;
grant select (tenant_id, id, email, role, invited_by, expires_at, accepted_at, created_at, updated_at) on tenants.invitations to agentplatform_operator;
grant select on tenants.roles to agentplatform_app, agentplatform_operator;

-- migrate:down

-- tenants and users name each other's rows, so the policies that cross tables go first.
drop policy members_read on tenants.tenants;
drop policy colleagues_read on tenants.users;
drop table tenants.roles, tenants.invitations, tenants.memberships, tenants.tenants, tenants.users;
