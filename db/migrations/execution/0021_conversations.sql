-- Talking to agents: conversations, their messages, and what people made of them (ADR 0045).
--
-- A message and the run that answers it are stored in one transaction; the reply's row is there from then on and is filled in by a trigger in the
-- transaction of the run's end, whoever ends it. So a crash between the two loses and doubles nothing, and there is no step to repeat.
-- Numbers have no gaps because they are taken under the lock of the conversation's row and given back with it. Order of locks: the run's queue row,
-- the run, then the conversation, as everywhere; who wants a run to stop asks before it locks the conversation.
-- after: execution/0020
-- migrate:up
create table execution.conversations (
  tenant_id uuid not null references tenants.tenants (id),
  id uuid not null,
  agent_id uuid not null,
  user_id uuid not null,
  title text check (char_length(title) between 1 and 200),
  status text not null default 'active' check (status in ('active', 'completed', 'failed', 'canceled')),
  -- What becomes of a message that comes while a reply is under way.
  if_busy text not null default 'enqueue' check (if_busy in ('reject', 'enqueue', 'interrupt')),
  -- Facts that the agent is given with every message.
  context jsonb not null default '{}' check (jsonb_typeof(context) = 'object'),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  -- What was said up to summary_seq, in short.
  summary text check (char_length(summary) <= 16384),
  summary_seq int not null default 0 check (summary_seq >= 0),
  last_seq int not null default 0 check (last_seq >= 0),
  -- Replies that are still to come, the one under way included.
  pending int not null default 0 check (pending >= 0),
  active_message_id uuid,
  active_run_id uuid,
  last_active_at timestamptz not null default now(),
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, agent_id) references agents.agents (tenant_id, id),
  constraint conversations_active_check check ((active_run_id is null) = (active_message_id is null)),
  constraint conversations_completed_check check ((completed_at is not null) = (status <> 'active'))
);
create index conversations_agent_idx on execution.conversations (tenant_id, agent_id, last_active_at desc);
create index conversations_user_idx on execution.conversations (tenant_id, user_id, last_active_at desc, id desc);
-- Replies that wait and whose turn has come.
create index conversations_due_idx on execution.conversations (last_active_at) where active_run_id is null and pending > 0;
alter table execution.conversations enable row level security;
alter table execution.conversations force row level security;
create policy tenant_isolation on execution.conversations
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.conversations to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.conversations for select to agentplatform_operator using (true);
grant select, insert, update, delete on execution.conversations to agentplatform_app;
grant select, update on execution.conversations to agentplatform_engine;
grant select on execution.conversations to agentplatform_operator;

create table execution.messages (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  -- From 1 on, without gaps; unique because it is taken under the conversation's lock.
  seq int not null check (seq > 0),
  role text not null check (role in ('user', 'assistant', 'system', 'tool')),
  status text not null check (status in ('pending', 'running', 'succeeded', 'failed', 'canceled')),
  content text not null default '' check (char_length(content) <= 262144),
  -- The run's output was longer; the run has the whole.
  is_truncated boolean not null default false,
  -- name, media_type, bytes, and text or base64
  files jsonb check (jsonb_typeof(files) = 'array'),
  reply_to uuid,
  -- In whose place it came.
  replaces uuid,
  superseded_by uuid,
  superseded_at timestamptz,
  run_id uuid,
  api_key_id uuid,
  model text check (char_length(model) <= 320),
  error jsonb,
  input_tokens bigint not null default 0 check (input_tokens >= 0),
  output_tokens bigint not null default 0 check (output_tokens >= 0),
  cost_micros bigint not null default 0,
  latency_ms bigint check (latency_ms >= 0),
  satisfaction smallint check (satisfaction between 1 and 5),
  usefulness smallint check (usefulness between 1 and 5),
  feedback text check (char_length(feedback) between 1 and 4000),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  constraint messages_final_check check ((finished_at is not null) = (status in ('succeeded', 'failed', 'canceled'))),
  constraint messages_superseded_check check ((superseded_at is null) = (superseded_by is null))
) partition by range (id);
create index messages_conversation_idx on execution.messages (tenant_id, conversation_id, seq);
alter table execution.messages enable row level security;
alter table execution.messages force row level security;
create policy tenant_isolation on execution.messages
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.messages to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.messages for select to agentplatform_operator using (true);
grant select, insert, update, delete on execution.messages to agentplatform_app;
grant select, update on execution.messages to agentplatform_engine;
grant select on execution.messages to agentplatform_operator;
select platform.ensure_month_partitions('execution.messages', current_date, 4);

create table execution.interaction_types (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,62}$'),
  name text not null check (char_length(name) between 1 and 255),
  description text not null check (char_length(description) between 1 and 1000),
  category text not null check (char_length(category) between 1 and 63),
  icon text not null check (char_length(icon) between 1 and 63),
  color text not null check (color ~ '^#[0-9A-Fa-f]{6}$'),
  is_active boolean not null default true,
  sort_order int not null default 0
);
insert into execution.interaction_types (id, name, description, category, icon, color, sort_order) values
  ('conversation', 'Conversation', 'A conversation with an agent on this platform.', 'platform', 'message-circle', '#4C6EF5', 10),
  ('run', 'Run', 'A run of an agent that somebody rated or described.', 'platform', 'player-play', '#15AABF', 20),
  ('chat', 'Chat elsewhere', 'A conversation with an assistant of another product.', 'elsewhere', 'messages', '#7950F2', 30),
  ('coding', 'Coding', 'Work on code with an assistant in an editor or a terminal.', 'elsewhere', 'code', '#12B886', 40),
  ('writing', 'Writing', 'A text that was written or edited with an assistant.', 'elsewhere', 'pencil', '#FAB005', 50),
  ('research', 'Research', 'Looking something up with an assistant.', 'elsewhere', 'search', '#FD7E14', 60),
  ('image', 'Image', 'Images that were made or edited.', 'elsewhere', 'photo', '#E64980', 70),
  ('meeting', 'Meeting', 'A meeting that an assistant prepared, attended or summed up.', 'elsewhere', 'users', '#228BE6', 80),
  ('other', 'Other', 'Anything else.', 'elsewhere', 'dots', '#868E96', 90);
grant select on execution.interaction_types to agentplatform_app, agentplatform_operator;

-- A conversation's has the conversation's id, a run's the run's: so there is one of each, and it lies in their month.
create table execution.interactions (
  tenant_id uuid not null,
  id uuid not null,
  agent_id uuid,
  user_id uuid not null,
  type_id text not null references execution.interaction_types (id),
  conversation_id uuid,
  run_id uuid,
  title text not null check (char_length(title) between 1 and 255),
  description text check (char_length(description) between 1 and 4000),
  external_link text check (char_length(external_link) between 1 and 2048),
  external_id text check (char_length(external_id) between 1 and 255),
  external_metadata jsonb not null default '{}' check (jsonb_typeof(external_metadata) = 'object'),
  content_preview text check (char_length(content_preview) between 1 and 1000),
  full_content text check (char_length(full_content) between 1 and 262144),
  input_tokens bigint not null default 0 check (input_tokens >= 0),
  output_tokens bigint not null default 0 check (output_tokens >= 0),
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  tags text[] not null default '{}' check (cardinality(tags) <= 32),
  keywords text[] not null default '{}' check (cardinality(keywords) <= 32),
  satisfaction smallint check (satisfaction between 1 and 5),
  usefulness smallint check (usefulness between 1 and 5),
  feedback text check (char_length(feedback) between 1 and 4000),
  status text not null default 'active' check (status in ('active', 'completed', 'archived', 'deleted')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  duration_ms bigint check (duration_ms >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint interactions_order_check check (ended_at is null or ended_at >= started_at)
) partition by range (id);
create index interactions_user_idx on execution.interactions (tenant_id, user_id, id desc);
create index interactions_type_idx on execution.interactions (type_id);
alter table execution.interactions enable row level security;
alter table execution.interactions force row level security;
create policy tenant_isolation on execution.interactions
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy engine_crosses on execution.interactions to agentplatform_engine using (true) with check (true);
create policy operator_reads on execution.interactions for select to agentplatform_operator using (true);
grant select, insert, update, delete on execution.interactions to agentplatform_app;
grant select, update on execution.interactions to agentplatform_engine;
grant select on execution.interactions to agentplatform_operator;
select platform.ensure_month_partitions('execution.interactions', current_date, 4);

-- What an agent of any shape answered, as text: a text itself, or the first text among text, message and content; anything else as its JSON.
-- Nothing that a run can put out may keep its end from being stored: what PostgreSQL cannot hold as text stays JSON with its escapes.
create function execution.reply_text(output json) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return case json_typeof(output)
    when 'string' then output #>> '{}'
    when 'null' then ''
    when 'object' then coalesce((
      select output ->> name from unnest(array['text', 'message', 'content']) with ordinality as o (name, place)
      where json_typeof(output -> name) = 'string' order by place limit 1), output::text)
    else output::text
  end;
exception when others then
  return output::text;
end
$$;

-- The run's end is the reply's. A run that runs again (a replay) is not the one that the conversation waits for and changes nothing in it.
create function execution.finish_reply() returns trigger
language plpgsql set search_path = pg_catalog, execution as $$
declare
  talk execution.conversations;
  said text := '';
  tokens_in bigint;
  tokens_out bigint;
begin
  select * into talk from execution.conversations where tenant_id = new.tenant_id and id = new.conversation_id for update;
  if talk.active_run_id is distinct from new.id then
    return null;
  end if;
  if new.status = 'succeeded' then
    said := coalesce(execution.reply_text(new.output), '');
  end if;
  select coalesce(sum((u ->> 'tokens_prompt')::bigint), 0)::bigint, coalesce(sum((u ->> 'tokens_completion')::bigint), 0)::bigint
    into tokens_in, tokens_out from jsonb_array_elements(new.usage) u;
  update execution.messages
  set status = new.status, content = left(said, 262144), is_truncated = char_length(said) > 262144,
    error = case when new.error is not null then jsonb_build_object('code', new.error -> 'code', 'message', new.error -> 'message', 'node', new.error -> 'node') end,
    model = left((select u ->> 'service' from jsonb_array_elements(new.usage) u order by (u ->> 'tokens_completion')::bigint desc limit 1), 320),
    input_tokens = tokens_in, output_tokens = tokens_out, cost_micros = new.cost_micros,
    latency_ms = greatest(0, (extract(epoch from new.finished_at - created_at) * 1000)::bigint), finished_at = new.finished_at
  where tenant_id = new.tenant_id and id = talk.active_message_id;
  update execution.conversations
  set active_message_id = null, active_run_id = null, pending = pending - 1, last_active_at = greatest(last_active_at, new.finished_at)
  where tenant_id = new.tenant_id and id = talk.id;
  update execution.interactions
  set input_tokens = input_tokens + tokens_in, output_tokens = output_tokens + tokens_out, cost_micros = cost_micros + greatest(new.cost_micros, 0),
    content_preview = coalesce(nullif(left(said, 1000), ''), content_preview), ended_at = greatest(started_at, new.finished_at),
    duration_ms = greatest(0, (extract(epoch from new.finished_at - started_at) * 1000)::bigint)
  where tenant_id = new.tenant_id and id = talk.id;
  if talk.pending > 1 then
    perform pg_notify('chores', '');
  end if;
  return null;
end
$$;
create trigger runs_finish_reply after update on execution.runs for each row
  when (new.conversation_id is not null and new.finished_at is not null and old.finished_at is null) execute function execution.finish_reply();
-- migrate:down
drop trigger runs_finish_reply on execution.runs;
drop function execution.finish_reply();
drop function execution.reply_text(json);
drop table execution.interactions;
drop table execution.interaction_types;
drop table execution.messages;
drop table execution.conversations;
