-- Who did what, as a chain: each row's hash covers its content, its tenant, its number and the hash of the row before, so that an edit, a gap,
-- an insertion, another order or another tenant's row shows. The head remembers number and hash of the last row, so that a cut tail shows.
-- `seq` and `credential_id` are added to the data model: ids are made before the chain's lock is taken, so they do not give its order.
-- after: platform/0001

-- migrate:up

create table tenants.audit_logs (
  tenant_id uuid not null,
  id uuid not null,
  seq bigint not null check (seq > 0),
  created_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('anonymous', 'user', 'api_key', 'webhook', 'system')),
  actor_id uuid,
  credential_id uuid,
  action text not null check (char_length(action) between 1 and 100),
  resource_type text not null check (char_length(resource_type) between 1 and 100),
  resource_id text not null check (char_length(resource_id) <= 300),
  old_values jsonb,
  new_values jsonb,
  ip text check (char_length(ip) <= 64),
  user_agent text check (char_length(user_agent) <= 512),
  status text not null check (status in ('success', 'failure')),
  error_message text check (char_length(error_message) <= 1000),
  metadata jsonb not null default '{}',
  prev_hash bytea not null check (octet_length(prev_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (tenant_id, id)
) partition by range (id);
create index audit_logs_seq_idx on tenants.audit_logs (tenant_id, seq);
create trigger refuse_change before update or delete on tenants.audit_logs for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on tenants.audit_logs for each statement execute function platform.refuse_change();

create table tenants.audit_heads (
  tenant_id uuid primary key references tenants.tenants (id),
  seq bigint not null check (seq >= 0),
  hash bytea not null check (octet_length(hash) = 32)
);

alter table tenants.audit_logs enable row level security;
alter table tenants.audit_logs force row level security;
alter table tenants.audit_heads enable row level security;
alter table tenants.audit_heads force row level security;
create policy tenant_isolation on tenants.audit_logs
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy tenant_isolation on tenants.audit_heads
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on tenants.audit_logs for select to agentplatform_operator using (true);
create policy operator_reads on tenants.audit_heads for select to agentplatform_operator using (true);

select platform.ensure_month_partitions('tenants.audit_logs', date_trunc('month', now())::date, 4);

-- The canonical text is a JSON array, which is unambiguous; the time is in microseconds because its text depends on the session's time zone.
create function tenants.audit_hash(r tenants.audit_logs) returns bytea
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
return sha256(convert_to(jsonb_build_array(
  r.tenant_id, r.id, r.seq, (extract(epoch from r.created_at) * 1000000)::bigint, r.actor_kind, r.actor_id, r.credential_id, r.action,
  r.resource_type, r.resource_id, r.old_values, r.new_values, r.ip, r.user_agent, r.status, r.error_message, r.metadata,
  encode(r.prev_hash, 'hex'))::text, 'UTF8'));

-- The only way into the log. The head's row is locked from here to the commit, so callers do this last.
create function tenants.append_audit(
  p_id uuid, p_actor_kind text, p_actor_id uuid, p_credential_id uuid, p_action text, p_resource_type text, p_resource_id text,
  p_old jsonb, p_new jsonb, p_ip text, p_user_agent text, p_status text, p_error text, p_metadata jsonb) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  head tenants.audit_heads;
  entry tenants.audit_logs;
begin
  if tenants.current_tenant_id() is null then
    raise exception 'an audit entry needs a tenant';
  end if;
  insert into tenants.audit_heads as h (tenant_id, seq, hash) values (tenants.current_tenant_id(), 0, decode(repeat('00', 32), 'hex'))
    on conflict (tenant_id) do nothing;
  select * into head from tenants.audit_heads h where h.tenant_id = tenants.current_tenant_id() for no key update;
  entry := row(head.tenant_id, p_id, head.seq + 1, clock_timestamp(), p_actor_kind, p_actor_id, p_credential_id, p_action, p_resource_type,
    p_resource_id, p_old, p_new, p_ip, p_user_agent, p_status, p_error, coalesce(p_metadata, '{}'), head.hash, null);
  entry.hash := tenants.audit_hash(entry);
  insert into tenants.audit_logs select entry.*;
  update tenants.audit_heads h set seq = entry.seq, hash = entry.hash where h.tenant_id = entry.tenant_id;
end
$$;
revoke all on function tenants.append_audit(uuid, text, uuid, uuid, text, text, text, jsonb, jsonb, text, text, text, text, jsonb) from public;
grant execute on function tenants.append_audit(uuid, text, uuid, uuid, text, text, text, jsonb, jsonb, text, text, text, text, jsonb)
  to agentplatform_app, agentplatform_engine;
grant select on tenants.audit_logs, tenants.audit_heads to agentplatform_app, agentplatform_operator;

-- migrate:down

drop function tenants.append_audit(uuid, text, uuid, uuid, text, text, text, jsonb, jsonb, text, text, text, text, jsonb);
drop function tenants.audit_hash(tenants.audit_logs);
drop table tenants.audit_heads, tenants.audit_logs;
