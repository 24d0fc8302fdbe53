-- What an agent is good for (a fixed catalogue that galleries group by), and which agents a person keeps at hand.
-- migrate:up
-- No tenant: the catalogue is the same for everybody and nobody writes it through the API.
create table agents.features (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{1,62}$'),
  name text not null check (char_length(name) between 1 and 255),
  description text not null check (char_length(description) between 1 and 1000),
  category text not null check (char_length(category) between 1 and 63),
  icon text not null check (char_length(icon) between 1 and 63),
  is_active boolean not null default true,
  sort_order integer not null
);

create table agents.agent_features (
  tenant_id uuid not null references tenants.tenants (id),
  agent_id uuid not null,
  feature_id text not null references agents.features (id),
  is_primary boolean not null default false,
  primary key (tenant_id, agent_id, feature_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id)
);
create index agent_features_feature_idx on agents.agent_features (feature_id, tenant_id);
create unique index agent_features_primary_key on agents.agent_features (tenant_id, agent_id) where is_primary;

create table agents.agent_favorites (
  tenant_id uuid not null references tenants.tenants (id),
  user_id uuid not null,
  agent_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id, agent_id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id)
);
create index agent_favorites_agent_idx on agents.agent_favorites (tenant_id, agent_id);

alter table agents.agent_features enable row level security;
alter table agents.agent_features force row level security;
create policy tenant_isolation on agents.agent_features
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_features for select to agentplatform_operator using (true);

alter table agents.agent_favorites enable row level security;
alter table agents.agent_favorites force row level security;
create policy tenant_isolation on agents.agent_favorites
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_favorites for select to agentplatform_operator using (true);

grant select on agents.features to agentplatform_app, agentplatform_operator;
grant select, insert, delete on agents.agent_features, agents.agent_favorites to agentplatform_app;
grant select on agents.agent_features, agents.agent_favorites to agentplatform_operator;

insert into agents.features (id, name, description, category, icon, sort_order) values
  ('brainstorming', 'Brainstorming', 'Collects and develops ideas.', 'thinking', 'lightbulb', 10),
  ('daily_qa', 'Daily questions', 'Answers everyday questions.', 'thinking', 'message-circle', 20),
  ('analysis', 'Analysis', 'Reads data and documents and explains what they say.', 'thinking', 'chart-line', 30),
  ('research', 'Research', 'Gathers sources and weighs them.', 'thinking', 'book-open', 40),
  ('writing', 'Writing', 'Drafts, edits and summarises text.', 'language', 'pen-line', 50),
  ('translation', 'Translation', 'Carries text from one language to another.', 'language', 'languages', 60),
  ('coding', 'Coding', 'Writes, reviews and explains code.', 'tools', 'code', 70),
  ('mcp', 'MCP tools', 'Uses the tools of Model Context Protocol servers.', 'tools', 'plug', 80),
  ('news_search', 'News search', 'Finds and condenses current news.', 'tools', 'newspaper', 90),
  ('tts_stt', 'Speech', 'Turns text into speech and speech into text.', 'media', 'mic', 100),
  ('image_generation', 'Image generation', 'Makes and edits images.', 'media', 'image', 110);
-- migrate:down
drop table agents.agent_favorites;
drop table agents.agent_features;
drop table agents.features;
