-- What a caller presents: a session's cookie or an API key. Only hashes are stored. And how often somebody may guess a password.

-- migrate:up

create table tenants.sessions (
  id uuid primary key,
  user_id uuid not null references tenants.users (id),
  -- The tenant the person works in now; null when they belong to none.
  tenant_id uuid references tenants.tenants (id),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  ip text check (char_length(ip) <= 64),
  user_agent text check (char_length(user_agent) <= 512),
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_user_id_idx on tenants.sessions (user_id, tenant_id, created_at desc);
create index sessions_tenant_id_idx on tenants.sessions (tenant_id);

create table tenants.api_keys (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  user_id uuid not null references tenants.users (id),
  name text not null check (char_length(name) between 1 and 100),
  prefix text not null check (char_length(prefix) between 1 and 40),
  key_hash bytea not null check (octet_length(key_hash) = 32),
  scopes text[] not null check (cardinality(scopes) between 1 and 100),
  status text not null default 'active' check (status in ('active', 'revoked', 'expired')),
  expires_at timestamptz,
  last_used_at timestamptz,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key_hash)
);
create index api_keys_user_id_idx on tenants.api_keys (user_id, tenant_id);

-- Password checks per account (a hash of the e-mail, whether it exists or not) and per network. Only the functions of 0005 touch it.
create table tenants.login_throttles (
  key bytea primary key check (octet_length(key) = 32),
  -- Checks made in the window, and how many of them failed since the last success.
  tries int not null check (tries >= 0),
  failures int not null check (failures >= 0),
  window_ends_at timestamptz not null,
  locked_until timestamptz
);
create index login_throttles_window_ends_at_idx on tenants.login_throttles (window_ends_at);

alter table tenants.sessions enable row level security;
alter table tenants.sessions force row level security;
alter table tenants.api_keys enable row level security;
alter table tenants.api_keys force row level security;
alter table tenants.login_throttles enable row level security;
alter table tenants.login_throttles force row level security;

create policy own_sessions on tenants.sessions
  using (user_id = (select tenants.current_user_id())) with check (user_id = (select tenants.current_user_id()));
create policy tenant_isolation on tenants.api_keys
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy nobody on tenants.login_throttles using (false) with check (false);
create policy operator_reads on tenants.sessions for select to agentplatform_operator using (true);
create policy operator_reads on tenants.api_keys for select to agentplatform_operator using (true);

grant select (id, user_id, tenant_id, ip, user_agent, created_at, last_seen_at, expires_at, revoked_at)
  on tenants.sessions to agentplatform_app, agentplatform_operator;
grant insert (id, user_id, tenant_id, token_hash, ip, user_agent, expires_at), update (revoked_at), delete on tenants.sessions to agentplatform_app;
grant select, insert, update on tenants.api_keys to agentplatform_app;
grant select (tenant_id, id, user_id, name, prefix, scopes, status, expires_at, last_used_at, metadata, created_at, updated_at)
  on tenants.api_keys to agentplatform_operator;

-- migrate:down

drop table tenants.login_throttles, tenants.api_keys, tenants.sessions;
