-- MCP servers, how each tenant uses them, the tools that were found and accepted, and the log of calls.
--
-- No column holds a command line: a server that runs as a process is named by its entry in the operator's catalogue (a file that the
-- platform reads at start), so nothing that a tenant stores can become a command. Values and headers that a tenant gives are sealed.
--
-- A tool is pinned by the hash of its whole definition: `seen` is what the server says now, `accepted` what a person agreed to. The two
-- differ as long as a change is not accepted, and then the tool cannot be called.
-- after: tenants/0006, agents/0001
-- migrate:up
create schema if not exists integrations;
grant usage on schema integrations to agentplatform_app, agentplatform_engine, agentplatform_operator;

create table integrations.mcp_servers (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (char_length(name) between 1 and 255),
  description text check (char_length(description) between 1 and 4000),
  category text check (char_length(category) between 1 and 63),
  transport text not null check (transport in ('stdio', 'http', 'sse')),
  catalogue text check (catalogue ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  url text check (char_length(url) between 8 and 8192),
  status text not null default 'active' check (status in ('active', 'deprecated', 'disabled')),
  documentation_url text check (char_length(documentation_url) between 8 and 2048),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mcp_servers_slug_key unique (tenant_id, slug),
  constraint mcp_servers_place_check check ((transport = 'stdio') = (catalogue is not null) and (transport = 'stdio') = (url is null))
);

create table integrations.mcp_server_configs (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  -- No foreign key: it may be one of the platform's servers.
  mcp_server_id uuid not null,
  enabled boolean not null default true,
  credential text check (char_length(credential) between 1 and 255),
  -- {headers: {…}, values: {…}} as JSON, sealed for this row; the names stand beside it for those who look.
  secrets bytea check (octet_length(secrets) <= 131072),
  header_names text[] not null default '{}' check (cardinality(header_names) <= 32),
  value_names text[] not null default '{}' check (cardinality(value_names) <= 32),
  limits jsonb not null default '{}' check (jsonb_typeof(limits) = 'object'),
  allowed_users uuid[] check (cardinality(allowed_users) <= 1000),
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mcp_server_configs_server_key unique (tenant_id, mcp_server_id)
);

create table integrations.mcp_tools (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  mcp_server_id uuid not null,
  name text not null check (char_length(name) between 1 and 128),
  -- As the server said it, member for member; null: it does not offer the tool any more.
  seen json,
  seen_hash text check (char_length(seen_hash) = 64),
  accepted json,
  accepted_hash text check (char_length(accepted_hash) = 64),
  accepted_by uuid,
  accepted_at timestamptz,
  seen_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint mcp_tools_name_key unique (tenant_id, mcp_server_id, name),
  check ((seen is null) = (seen_hash is null)),
  check ((accepted is null) = (accepted_hash is null))
);

create table integrations.mcp_tool_executions (
  tenant_id uuid not null,
  id uuid not null,
  request_id text check (char_length(request_id) between 1 and 512),
  run_id uuid,
  agent_id uuid,
  user_id uuid,
  mcp_server_id uuid not null,
  tool_name text not null check (char_length(tool_name) between 1 and 128),
  tool_hash text check (char_length(tool_hash) = 64),
  input json,
  output json,
  status text not null check (status in ('succeeded', 'failed', 'timeout', 'canceled')),
  error_code text check (char_length(error_code) between 1 and 63),
  error_message text check (char_length(error_message) between 1 and 4000),
  server_instance text check (char_length(server_instance) between 1 and 255),
  duration_ms int not null check (duration_ms >= 0),
  started_at timestamptz not null,
  completed_at timestamptz not null,
  primary key (tenant_id, id)
) partition by range (id);
create index mcp_tool_executions_server_idx on integrations.mcp_tool_executions (tenant_id, mcp_server_id, id desc);

alter table integrations.mcp_servers enable row level security;
alter table integrations.mcp_servers force row level security;
create policy tenant_isolation on integrations.mcp_servers
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy platform_rows on integrations.mcp_servers for select using (tenant_id = '00000000-0000-0000-0000-000000000000');
create policy operator_reads on integrations.mcp_servers for select to agentplatform_operator using (true);

alter table integrations.mcp_server_configs enable row level security;
alter table integrations.mcp_server_configs force row level security;
create policy tenant_isolation on integrations.mcp_server_configs
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on integrations.mcp_server_configs for select to agentplatform_operator using (true);

alter table integrations.mcp_tools enable row level security;
alter table integrations.mcp_tools force row level security;
create policy tenant_isolation on integrations.mcp_tools
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on integrations.mcp_tools for select to agentplatform_operator using (true);

alter table integrations.mcp_tool_executions enable row level security;
alter table integrations.mcp_tool_executions force row level security;
create policy tenant_isolation on integrations.mcp_tool_executions
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on integrations.mcp_tool_executions for select to agentplatform_operator using (true);

grant select, insert, update, delete on integrations.mcp_servers, integrations.mcp_server_configs, integrations.mcp_tools to agentplatform_app;
grant select, insert on integrations.mcp_tool_executions to agentplatform_app;
grant select on integrations.mcp_servers, integrations.mcp_server_configs, integrations.mcp_tools, integrations.mcp_tool_executions to agentplatform_operator;

select platform.ensure_month_partitions('integrations.mcp_tool_executions', current_date, 4);
-- migrate:down
drop table integrations.mcp_tool_executions;
drop table integrations.mcp_tools;
drop table integrations.mcp_server_configs;
drop table integrations.mcp_servers;
