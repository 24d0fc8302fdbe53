-- Credentials of tenants, the integrations that they belong to, and OAuth consents under way.
--
-- A secret is encrypted by the application: AES-256-GCM under a key of its own, which is itself encrypted by a key-encryption key that the
-- database never sees. Tenant, credential and version are bound to both ciphertexts: a value copied to another row, or put back from an
-- older version, does not open. `key_id` says which key-encryption key holds it, which is all that a rotation of those keys needs to know:
-- what it has not done yet is what still names another key, so that it may stop and go on anywhere.
-- after: tenants/0006, agents/0001
-- migrate:up
create schema integrations;
grant usage on schema integrations to agentplatform_app, agentplatform_engine, agentplatform_operator;

create table integrations.integrations (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 255),
  description text check (char_length(description) between 1 and 4000),
  auth_type text not null check (auth_type in ('oauth2', 'api_key', 'bearer_token', 'basic', 'none')),
  -- hosts, header, prefix, test, oauth {authorize_url, token_url, scopes …}: never a secret.
  spec jsonb not null default '{}' check (jsonb_typeof(spec) = 'object'),
  is_active boolean not null default true,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint integrations_slug_key unique (tenant_id, slug)
);

create table integrations.credentials (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  name text not null check (char_length(name) between 1 and 255),
  -- No foreign key: it may be one of the platform's integrations.
  integration_id uuid,
  vendor text check (vendor ~ '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$'),
  service_id text check (char_length(service_id) between 1 and 255),
  scope text not null check (scope in ('tenant', 'user', 'agent')),
  user_id uuid,
  agent_id uuid,
  auth_type text not null check (auth_type in ('oauth2', 'api_key', 'bearer_token', 'basic')),
  -- How a plain HTTP call carries it; null: as its integration or its kind says.
  header text check (char_length(header) between 1 and 256),
  prefix text check (char_length(prefix) between 0 and 64),
  allowed_hosts text[] not null default '{}' check (cardinality(allowed_hosts) <= 50),
  scopes text[] not null default '{}' check (cardinality(scopes) <= 100),
  secret bytea not null check (octet_length(secret) between 29 and 65536),
  data_key bytea not null check (octet_length(data_key) between 29 and 4096),
  key_id text not null check (char_length(key_id) between 1 and 255),
  -- Counts the secrets that it had.
  version integer not null default 1 check (version >= 1),
  preview text check (char_length(preview) = 4),
  status text not null default 'active' check (status in ('active', 'consent_needed')),
  -- Its owner's wish; what an access token's own end is, stands in token_expires_at.
  expires_at timestamptz,
  token_expires_at timestamptz,
  last_used_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint credentials_name_key unique nulls not distinct (tenant_id, name, user_id, agent_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  check ((scope = 'user') = (user_id is not null) and (scope = 'agent') = (agent_id is not null)),
  check (integration_id is null or vendor is null)
);
create index credentials_user_idx on integrations.credentials (tenant_id, user_id) where user_id is not null;
create index credentials_agent_idx on integrations.credentials (tenant_id, agent_id);
create index credentials_vendor_idx on integrations.credentials (tenant_id, vendor) where vendor is not null;
create index credentials_integration_idx on integrations.credentials (tenant_id, integration_id) where integration_id is not null;

create table integrations.oauth_flows (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  credential_id uuid not null,
  state_hash bytea not null check (octet_length(state_hash) = 32),
  -- The browser that began it must be the one that comes back.
  browser_hash bytea not null check (octet_length(browser_hash) = 32),
  code_verifier bytea not null check (octet_length(code_verifier) <= 1024),
  redirect_uri text not null check (char_length(redirect_uri) between 1 and 2048),
  return_to text check (char_length(return_to) between 1 and 2048),
  user_id uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint oauth_flows_state_key unique (tenant_id, state_hash),
  foreign key (tenant_id, credential_id) references integrations.credentials (tenant_id, id) on delete cascade
);
create index oauth_flows_credential_idx on integrations.oauth_flows (tenant_id, credential_id);

-- Runs that stand still until somebody gives a credential its consent again.
create table integrations.consent_waits (
  tenant_id uuid not null references tenants.tenants (id),
  credential_id uuid not null,
  run_id uuid not null,
  since timestamptz not null default now(),
  primary key (tenant_id, credential_id, run_id),
  foreign key (tenant_id, credential_id) references integrations.credentials (tenant_id, id) on delete cascade
);

alter table integrations.integrations enable row level security;
alter table integrations.integrations force row level security;
create policy tenant_isolation on integrations.integrations
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on integrations.integrations for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on integrations.integrations for select to agentplatform_operator using (true);

alter table integrations.credentials enable row level security;
alter table integrations.credentials force row level security;
create policy tenant_isolation on integrations.credentials
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on integrations.credentials for select to agentplatform_operator using (true);

alter table integrations.oauth_flows enable row level security;
alter table integrations.oauth_flows force row level security;
create policy tenant_isolation on integrations.oauth_flows
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));

alter table integrations.consent_waits enable row level security;
alter table integrations.consent_waits force row level security;
create policy tenant_isolation on integrations.consent_waits
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));

grant select, insert, update on integrations.integrations to agentplatform_app;
grant select, insert, update, delete on integrations.credentials to agentplatform_app;
grant select, insert, delete on integrations.oauth_flows, integrations.consent_waits to agentplatform_app;
grant select on integrations.integrations to agentplatform_operator;
-- Whose credentials there are, never what is in them.
grant select (tenant_id, id, name, integration_id, vendor, service_id, scope, user_id, agent_id, auth_type, allowed_hosts, scopes, key_id, version, status, expires_at, token_expires_at,
  last_used_at, created_by, created_at, updated_at) on integrations.credentials to agentplatform_operator;
-- migrate:down
drop table integrations.consent_waits;
drop table integrations.oauth_flows;
drop table integrations.credentials;
drop table integrations.integrations;
drop schema integrations;
