-- Domain events on their way to handlers and sinks, written in the same transaction as the change that they tell of.
-- after: tenants/0001

-- migrate:up

create table platform.outbox (
  tenant_id uuid not null,
  id uuid not null,
  type text not null check (length(type) between 1 and 200),
  key text not null check (length(key) <= 500),
  payload jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table platform.outbox_deliveries (
  tenant_id uuid not null,
  outbox_id uuid not null,
  handler text not null check (length(handler) between 1 and 200),
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  attempts int not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null default now(),
  error text check (length(error) <= 10000),
  primary key (tenant_id, outbox_id, handler),
  foreign key (tenant_id, outbox_id) references platform.outbox (tenant_id, id) on delete cascade
);

-- What the delivery loop looks for; finished deliveries are not in it.
create index outbox_deliveries_due on platform.outbox_deliveries (next_attempt_at) where state = 'pending';

alter table platform.outbox enable row level security;
alter table platform.outbox force row level security;
alter table platform.outbox_deliveries enable row level security;
alter table platform.outbox_deliveries force row level security;

create policy tenant on platform.outbox
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy tenant on platform.outbox_deliveries
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));

-- The delivery loop serves all tenants.
create policy engine on platform.outbox to agentplatform_engine using (true) with check (true);
create policy engine on platform.outbox_deliveries to agentplatform_engine using (true) with check (true);
create policy operator on platform.outbox for select to agentplatform_operator using (true);
create policy operator on platform.outbox_deliveries for select to agentplatform_operator using (true);

grant select, insert on platform.outbox, platform.outbox_deliveries to agentplatform_app;
grant select, insert, update, delete on platform.outbox, platform.outbox_deliveries to agentplatform_engine;
grant select on platform.outbox, platform.outbox_deliveries to agentplatform_operator;

-- migrate:down

drop table platform.outbox_deliveries;
drop table platform.outbox;
