-- A run that was under way when a newer one took its place says so as its error, as one that still waited does.
-- after: execution/0006
-- migrate:up
create or replace function execution.replace_runs(tenant uuid, line text, keep int) returns void
language plpgsql set search_path = pg_catalog, execution as $$
declare
  victim record;
  reason constant jsonb := '{"code": "replaced", "message": "A newer run took the place of this one.", "class": "canceled", "retryable": false}';
begin
  for victim in
    select q.run_id, q.lease_owner from execution.run_queue q
    where q.tenant_id = tenant and not q.cancel_requested and q.run_id in (
      select m.run_id from (
        select p.run_id from execution.flow_places p where p.tenant_id = tenant and p.key = line
        union select w.run_id from execution.run_queue w where w.tenant_id = tenant and w.gate = line and not w.parked) m
      order by m.run_id desc offset keep)
    -- Who is being claimed or ended this moment is looked at again a moment later.
    for update skip locked
  loop
    if victim.lease_owner is null then
      update execution.runs r
      set status = 'canceled', finished_at = now(),
        error = reason
      where r.tenant_id = tenant and r.id = victim.run_id and r.finished_at is null;
      delete from execution.run_queue q where q.tenant_id = tenant and q.run_id = victim.run_id;
    else
      update execution.run_queue q set cancel_requested = true, cancel_error = coalesce(q.cancel_error, reason) where q.tenant_id = tenant and q.run_id = victim.run_id;
      perform execution.ring(tenant, victim.run_id);
    end if;
  end loop;
end
$$;
-- migrate:down
create or replace function execution.replace_runs(tenant uuid, line text, keep int) returns void
language plpgsql set search_path = pg_catalog, execution as $$
declare
  victim record;
begin
  for victim in
    select q.run_id, q.lease_owner from execution.run_queue q
    where q.tenant_id = tenant and not q.cancel_requested and q.run_id in (
      select m.run_id from (
        select p.run_id from execution.flow_places p where p.tenant_id = tenant and p.key = line
        union select w.run_id from execution.run_queue w where w.tenant_id = tenant and w.gate = line and not w.parked) m
      order by m.run_id desc offset keep)
    -- Who is being claimed or ended this moment is looked at again a moment later.
    for update skip locked
  loop
    if victim.lease_owner is null then
      update execution.runs r
      set status = 'canceled', finished_at = now(),
        error = '{"code": "replaced", "message": "A newer run took the place of this one.", "class": "canceled", "retryable": false}'
      where r.tenant_id = tenant and r.id = victim.run_id and r.finished_at is null;
      delete from execution.run_queue q where q.tenant_id = tenant and q.run_id = victim.run_id;
    else
      update execution.run_queue q set cancel_requested = true where q.tenant_id = tenant and q.run_id = victim.run_id;
      perform execution.ring(tenant, victim.run_id);
    end if;
  end loop;
end
$$;
