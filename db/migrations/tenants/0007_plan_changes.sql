-- Nodes keep what a tenant's plan gives it; whoever changes the plan, they hear of it with the commit.
-- migrate:up
create function tenants.tell_change() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('tenants_changed', new.id::text);
  return null;
end
$$;
create trigger tenants_tell_change after update on tenants.tenants for each row
  when (new.plan is distinct from old.plan or new.status is distinct from old.status or new.slug is distinct from old.slug) execute function tenants.tell_change();
-- migrate:down
drop trigger tenants_tell_change on tenants.tenants;
drop function tenants.tell_change();
