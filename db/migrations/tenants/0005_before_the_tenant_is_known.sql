-- What must be asked before anybody knows who is asking: the narrow exceptions to row-level security. Each runs with the owner's rights,
-- takes exact values and gives only the columns that its one caller needs.

-- migrate:up

-- Counts a password check before it is made, so that a parallel flood cannot make more checks than one caller after the other could.
-- Answers null when it may be made, otherwise how long to wait. After p_free failures a lock of p_lock begins and doubles up to p_max_lock;
-- at most p_tries checks in p_window. The row's lock makes parallel callers queue here; the clock is read after it was got.
create function tenants.take_login_try(
  p_key bytea, p_tries int, p_window interval, p_free int, p_lock interval, p_max_lock interval) returns interval
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  throttle tenants.login_throttles;
  at timestamptz;
begin
  insert into tenants.login_throttles as t (key, tries, failures, window_ends_at) values (p_key, 0, 0, clock_timestamp() + p_window)
    on conflict (key) do update set tries = t.tries
    returning * into throttle;
  at := clock_timestamp();
  if throttle.window_ends_at <= at then
    throttle.tries := 0;
    throttle.failures := 0;
    throttle.locked_until := null;
    throttle.window_ends_at := at + p_window;
  end if;
  if throttle.locked_until > at then
    return throttle.locked_until - at;
  end if;
  if throttle.tries >= p_tries then
    return throttle.window_ends_at - at;
  end if;
  throttle.tries := throttle.tries + 1;
  throttle.failures := throttle.failures + 1;
  if throttle.failures >= p_free then
    throttle.locked_until := at + least(p_max_lock, p_lock * power(2, least(throttle.failures - p_free, 20)));
  end if;
  update tenants.login_throttles t
  set tries = throttle.tries, failures = throttle.failures, window_ends_at = throttle.window_ends_at, locked_until = throttle.locked_until
  where t.key = p_key;
  return null;
end
$$;
revoke all on function tenants.take_login_try(bytea, int, interval, int, interval, interval) from public;

create function tenants.login_key(p_email text) returns bytea
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
return sha256(convert_to('account:' || p_email, 'UTF8'));

-- The hash to check a password against, if a check may be made now. An unknown e-mail is counted and refused exactly like a known one.
create function tenants.begin_login(
  p_email text, p_network bytea, p_tries int, p_free int, p_lock interval, p_max_lock interval, p_network_tries int, p_network_window interval)
returns table (retry_after interval, user_id uuid, password_hash text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Always the network first: one order of locks for all callers.
  if p_network is not null then
    retry_after := tenants.take_login_try(p_network, p_network_tries, p_network_window, p_network_tries + 1, p_lock, p_max_lock);
  end if;
  if retry_after is null then
    retry_after := tenants.take_login_try(tenants.login_key(p_email), p_tries, interval '1 day', p_free, p_lock, p_max_lock);
  end if;
  if retry_after is null then
    select u.id, u.password_hash into user_id, password_hash
    from tenants.users u where u.email = p_email and u.status = 'active' and u.deleted_at is null;
  end if;
  -- Whoever comes tidies up a little. It skips what others hold, so it never waits and cannot deadlock.
  delete from tenants.login_throttles t where t.key in (
    select d.key from tenants.login_throttles d where d.window_ends_at < now() order by d.window_ends_at limit 5 for update skip locked);
  return next;
end
$$;
revoke all on function tenants.begin_login(text, bytea, int, int, interval, interval, int, interval) from public;
grant execute on function tenants.begin_login(text, bytea, int, int, interval, interval, int, interval) to agentplatform_app;

-- The password was right: that check does not count, and the account's failures are forgotten (its other checks of the day are not).
create function tenants.login_succeeded(p_email text, p_network bytea) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  update tenants.login_throttles set tries = greatest(tries - 1, 0), failures = greatest(failures - 1, 0) where key = p_network;
  update tenants.login_throttles set tries = greatest(tries - 1, 0), failures = 0, locked_until = null where key = tenants.login_key(p_email);
$$;
revoke all on function tenants.login_succeeded(text, bytea) from public;
grant execute on function tenants.login_succeeded(text, bytea) to agentplatform_app;

-- The password was wrong: tells the audit log of the tenant where the person worked last. For an unknown address nothing is told, but a row is
-- written all the same: the answer must not come sooner because nothing had to reach the disk.
create function tenants.login_failed(p_email text, p_action text, p_id uuid, p_ip text, p_user_agent text) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  person uuid;
  home uuid;
begin
  update tenants.login_throttles t set tries = t.tries where t.key = tenants.login_key(p_email);
  select u.id, (
      select m.tenant_id from tenants.memberships m where m.user_id = u.id
      order by (select max(s.created_at) from tenants.sessions s where s.user_id = m.user_id and s.tenant_id = m.tenant_id) desc nulls last, m.created_at
      limit 1)
    into person, home
  from tenants.users u where u.email = p_email;
  if home is not null then
    perform set_config('app.tenant_id', home::text, true);
    perform tenants.append_audit(
      p_id, 'anonymous', null, null, p_action, 'user', person::text, null, null, p_ip, p_user_agent, 'failure', 'invalid_credentials', null);
  end if;
end
$$;
revoke all on function tenants.login_failed(text, text, uuid, text, text) from public;
grant execute on function tenants.login_failed(text, text, uuid, text, text) to agentplatform_app;

-- A session's cookie: who, in which tenant, with which permissions, all by the state of this instant, so that a revocation holds at once on
-- every node. Writes last_seen_at once a minute. A person who was removed from the tenant stays signed in, with no tenant.
create function tenants.resolve_session(p_token_hash bytea, p_idle interval)
returns table (session_id uuid, user_id uuid, tenant_id uuid, role text, permissions text[])
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update tenants.sessions s set last_seen_at = now()
  where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > now()
    and s.last_seen_at > now() - p_idle and s.last_seen_at < now() - interval '1 minute';
  select s.id, s.user_id, m.tenant_id, m.role, coalesce(r.permissions || m.permissions, '{}')
  from tenants.sessions s
  join tenants.users u on u.id = s.user_id and u.status = 'active' and u.deleted_at is null
  left join (tenants.memberships m
    join tenants.tenants t on t.id = m.tenant_id and t.status = 'active'
    join tenants.roles r on r.tenant_id = '00000000-0000-0000-0000-000000000000' and r.name = m.role)
    on m.tenant_id = s.tenant_id and m.user_id = s.user_id and m.status = 'active'
  where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - p_idle;
$$;
revoke all on function tenants.resolve_session(bytea, interval) from public;
grant execute on function tenants.resolve_session(bytea, interval) to agentplatform_app;

-- A webhook's address names its tenant by slug.
create function tenants.find_tenant_by_slug(p_slug text)
returns table (id uuid, status text, plan text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.status, t.plan from tenants.tenants t where t.slug = p_slug;
$$;
revoke all on function tenants.find_tenant_by_slug(text) from public;
grant execute on function tenants.find_tenant_by_slug(text) to agentplatform_app, agentplatform_engine;

-- migrate:down

drop function tenants.find_tenant_by_slug(text);
drop function tenants.resolve_session(bytea, interval);
drop function tenants.login_failed(text, text, uuid, text, text);
drop function tenants.login_succeeded(text, bytea);
drop function tenants.begin_login(text, bytea, int, int, interval, interval, int, interval);
drop function tenants.login_key(text);
drop function tenants.take_login_try(bytea, int, interval, int, interval, interval);
