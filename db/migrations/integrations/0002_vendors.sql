-- Vendors of models, what they offer, and what that costs: data, not code. A vendor whose protocol is known, a new service and a new price are an INSERT.
--
-- A service's id is what an agent writes (`anthropic/claude-sonnet`); its service_name is what the vendor is sent. So a name can be an alias that
-- moves on with the vendor's newest model, and the id `vendor/*` lets an agent name any model of a vendor (a server of one's own has whichever it has).
--
-- A price is never changed: a new one has a later valid_from, and what was used before keeps its cost. Vendors that charge more for long prompts
-- have a second row with the number of prompt tokens from which it holds; it then holds for the whole call, as they all do it.
-- Prices are millionths of the currency for a million tokens; unit_micros is for an image, a character or a second, whichever the service sells.
-- migrate:up
create table integrations.vendors (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{1,62}$'),
  name text not null check (char_length(name) between 1 and 255),
  description text not null check (char_length(description) between 1 and 1000),
  auth_type text not null check (auth_type in ('none', 'api_key', 'bearer_token', 'oauth2')),
  protocol text not null check (protocol in ('sandbox', 'openai', 'azure_openai', 'anthropic', 'replicate', 'elevenlabs', 'stability')),
  -- Null: every credential says its own.
  base_url text check (base_url ~ '^https?://[^[:space:]?#]{1,2000}$'),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table integrations.vendor_services (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{1,62}/[^[:space:]]{1,191}$'),
  vendor_id text not null references integrations.vendors (id),
  service_name text not null check (char_length(service_name) between 1 and 255),
  display_name text not null check (char_length(display_name) between 1 and 255),
  description text check (char_length(description) between 1 and 1000),
  modality text not null check (modality in ('chat', 'embedding', 'image', 'speech', 'transcription')),
  context_window integer check (context_window > 0),
  max_output integer check (max_output > 0),
  capabilities jsonb not null default '{}' check (jsonb_typeof(capabilities) = 'object'),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (split_part(id, '/', 1) = vendor_id)
);
create index vendor_services_vendor_idx on integrations.vendor_services (vendor_id);

create table integrations.vendor_prices (
  service_id text not null references integrations.vendor_services (id),
  valid_from timestamptz not null,
  from_prompt_tokens integer not null default 0 check (from_prompt_tokens >= 0),
  input_micros_per_mtok bigint not null default 0 check (input_micros_per_mtok between 0 and 1000000000000),
  output_micros_per_mtok bigint not null default 0 check (output_micros_per_mtok between 0 and 1000000000000),
  cached_input_micros_per_mtok bigint not null default 0 check (cached_input_micros_per_mtok between 0 and 1000000000000),
  unit_micros bigint not null default 0 check (unit_micros between 0 and 1000000000000),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null default now(),
  primary key (service_id, valid_from, from_prompt_tokens)
);
create trigger refuse_change before update or delete on integrations.vendor_prices
  for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on integrations.vendor_prices
  for each statement execute function platform.refuse_change();

create function integrations.tell_vendors_changed() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('data_changed', 'vendors:');
  return null;
end $$;
revoke all on function integrations.tell_vendors_changed() from public;
create trigger tell after insert or update or delete on integrations.vendors
  for each statement execute function integrations.tell_vendors_changed();
create trigger tell after insert or update or delete on integrations.vendor_services
  for each statement execute function integrations.tell_vendors_changed();
create trigger tell after insert on integrations.vendor_prices
  for each statement execute function integrations.tell_vendors_changed();

-- The same for everybody: no tenant, and nobody writes them through the API.
grant select on integrations.vendors, integrations.vendor_services, integrations.vendor_prices
  to agentplatform_app, agentplatform_engine, agentplatform_operator;

insert into integrations.vendors (id, name, description, auth_type, protocol) values
  ('sandbox', 'Sandbox', 'Answers without any network, deterministically, and says in every answer that it is simulated: for trying agents offline.', 'none', 'sandbox');

insert into integrations.vendor_services (id, vendor_id, service_name, display_name, description, modality, context_window, max_output, capabilities) values
  ('sandbox/echo', 'sandbox', 'echo', 'Echo', 'Says what it heard. A line "call: <tool> <json>" makes it call a tool; a schema is answered with a value that fits.', 'chat', 100000, 8192, '{"tools": true, "json_schema": true, "images": true, "streaming": true}'),
  ('sandbox/priced', 'sandbox', 'priced', 'Echo that costs', 'As sandbox/echo, with a price: for trying budgets.', 'chat', 100000, 8192, '{"tools": true, "json_schema": true, "images": true, "streaming": true}'),
  ('sandbox/slow', 'sandbox', 'slow', 'Echo that takes its time', 'A tenth of a second for each word.', 'chat', 100000, 8192, '{"tools": true, "json_schema": true, "images": true, "streaming": true}'),
  ('sandbox/small', 'sandbox', 'small', 'Echo with a small window', 'Refuses more than 200 tokens.', 'chat', 200, 100, '{"tools": true, "json_schema": true, "images": true, "streaming": true}'),
  ('sandbox/filtered', 'sandbox', 'filtered', 'Refuses by policy', 'Refuses every question as a content policy would.', 'chat', 100000, 8192, '{}'),
  ('sandbox/fail-401', 'sandbox', 'fail-401', 'Fails with 401', 'Fails as a vendor would with this status.', 'chat', 100000, 8192, '{}'),
  ('sandbox/fail-404', 'sandbox', 'fail-404', 'Fails with 404', 'Fails as a vendor would with this status.', 'chat', 100000, 8192, '{}'),
  ('sandbox/fail-429', 'sandbox', 'fail-429', 'Fails with 429', 'Fails as a vendor would with this status.', 'chat', 100000, 8192, '{}'),
  ('sandbox/fail-500', 'sandbox', 'fail-500', 'Fails with 500', 'Fails as a vendor would with this status.', 'chat', 100000, 8192, '{}'),
  ('sandbox/fail-503', 'sandbox', 'fail-503', 'Fails with 503', 'Fails as a vendor would with this status.', 'chat', 100000, 8192, '{}'),
  ('sandbox/embed', 'sandbox', 'embed', 'Embeddings from hashes', 'Words in common make texts similar, nothing else.', 'embedding', 8192, null, '{"dimensions": 256}');

insert into integrations.vendor_prices (service_id, valid_from, input_micros_per_mtok, output_micros_per_mtok, cached_input_micros_per_mtok) values
  ('sandbox/priced', '2026-01-01Z', 3000000, 15000000, 300000),
  ('sandbox/embed', '2026-01-01Z', 0, 0, 0);
-- migrate:down
drop table integrations.vendor_prices;
drop table integrations.vendor_services;
drop table integrations.vendors;
drop function integrations.tell_vendors_changed();
