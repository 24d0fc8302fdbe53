-- Who is asking: two settings of the transaction that every policy reads.
-- after: platform/0001

-- migrate:up

create schema tenants;
grant usage on schema tenants to agentplatform_app, agentplatform_engine, agentplatform_operator;

-- Unset or empty is NULL, which equals no tenant: no rows. Anything that is not a UUID fails the statement.
-- Policies call it as `(select tenants.current_tenant_id())`, so that it is evaluated once a statement and not once a row.
create function tenants.current_tenant_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.tenant_id', true), '')::uuid;

create function tenants.current_user_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.user_id', true), '')::uuid;

-- migrate:down

drop function tenants.current_user_id();
drop function tenants.current_tenant_id();
drop schema tenants;
