-- Schema platform: what every module's migrations use.

-- migrate:up

grant usage on schema platform to agentplatform_app, agentplatform_engine, agentplatform_operator;

-- The smallest UUIDv7 (RFC 9562) of an instant: 48 bits of milliseconds, version 7, variant 10, the rest zero.
create function platform.uuid_v7_floor(at timestamptz) returns uuid
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  ms bigint := floor(extract(epoch from at) * 1000);
begin
  if ms < 0 or ms >= 281474976710656 then
    raise exception 'a UUIDv7 cannot hold %', at using errcode = 'datetime_field_overflow';
  end if;
  return (lpad(to_hex(ms), 12, '0') || '70008000000000000000')::uuid;
end
$$;

-- For triggers on immutable tables, at row level for update and delete (a partition inherits those) and at statement level for truncate.
create function platform.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% is immutable: % refused', tg_table_schema, tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end
$$;

-- Makes the monthly partitions <table>_YYYY_MM and, once, <table>_default, which catches what no one foresaw. Returns how many months it made.
-- A partition is made apart and attached, because `create table … partition of` would lock the parent against everybody.
-- Row-level security holds for access through the parent by the parent's policies; on the partition itself it is on without any policy,
-- and nobody is granted anything there: so a select that names the partition sees nothing.
create function platform.ensure_month_partitions(parent regclass, from_month date, months int) returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
  table_schema name;
  table_name name;
  is_secured boolean;
  is_immutable boolean;
  default_table regclass;
  part text;
  part_name text;
  storage text;
  month_start timestamp;
  lower_bound uuid;
  upper_bound uuid;
  is_taken boolean;
  made int := 0;
begin
  if months not between 1 and 60 then
    raise exception 'months must be 1 to 60, not %', months using errcode = 'invalid_parameter_value';
  end if;
  -- The function runs with the owner's rights: it serves the owner's own partitioned tables only.
  select n.nspname, c.relname, c.relrowsecurity into table_schema, table_name, is_secured
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = parent and c.relkind = 'p' and c.relowner = current_user::regrole;
  if not found then
    raise exception '% is not a partitioned table of ours', parent using errcode = 'wrong_object_type';
  end if;
  perform pg_advisory_xact_lock(1635217513, parent::oid::int);

  is_immutable := exists (
    select from pg_trigger where tgrelid = parent and tgfoid = 'platform.refuse_change()'::regprocedure and (tgtype & 32) <> 0);

  -- -1 stands for the default partition.
  for i in -1 .. months - 1 loop
    month_start := date_trunc('month', from_month::timestamp) + make_interval(months => i);
    part_name := table_name || case when i < 0 then '_default' else to_char(month_start, '"_"YYYY"_"MM') end;
    part := format('%I.%I', table_schema, part_name);
    continue when to_regclass(part) is not null;

    if i >= 0 then
      lower_bound := platform.uuid_v7_floor(month_start at time zone 'UTC');
      upper_bound := platform.uuid_v7_floor((month_start + interval '1 month') at time zone 'UTC');
      execute format('select exists (select from %I.%I where id >= $1 and id < $2)', table_schema, table_name || '_default')
        into is_taken using lower_bound, upper_bound;
      if is_taken then
        -- It cannot be made before those rows are moved; the other months must not wait for that. The health check reports the rows.
        raise warning '% is not made: % holds rows of that month', part, table_name || '_default';
        continue;
      end if;
    end if;

    execute format('create table %s (like %s including defaults including constraints including generated including storage including compression)', part, parent);
    if is_secured then
      execute format('alter table %s enable row level security', part);
      execute format('alter table %s force row level security', part);
    end if;
    if is_immutable then
      execute format('create trigger refuse_truncate before truncate on %s for each statement execute function platform.refuse_change()', part);
    end if;
    -- Storage parameters cannot be set on the parent: the default partition's are the pattern for every month.
    storage := (select array_to_string(reloptions, ', ') from pg_class where oid = to_regclass(format('%I.%I', table_schema, table_name || '_default')));
    if i >= 0 and storage <> '' then
      execute format('alter table %s set (%s)', part, storage);
    end if;
    if i < 0 then
      execute format('alter table %s attach partition %s default', parent, part);
    else
      execute format('alter table %s attach partition %s for values from (%L) to (%L)', parent, part, lower_bound, upper_bound);
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;

revoke all on function platform.ensure_month_partitions(regclass, date, int) from public;
grant execute on function platform.ensure_month_partitions(regclass, date, int) to agentplatform_engine;

-- How many rows no month took, counted up to 1000: for the health check. Nobody may read the partition itself.
create function platform.unforeseen_rows(parent regclass) returns int
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  fallback regclass;
  found_rows int;
begin
  select i.inhrelid::regclass into fallback
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
  where i.inhparent = parent and pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' and p.relowner = current_user::regrole;
  if fallback is null then
    raise exception '% is not a partitioned table of ours', parent using errcode = 'wrong_object_type';
  end if;
  execute format('select count(*) from (select from %s limit 1000) r', fallback) into found_rows;
  return found_rows;
end
$$;

revoke all on function platform.unforeseen_rows(regclass) from public;
grant execute on function platform.unforeseen_rows(regclass) to agentplatform_engine;

-- migrate:down

drop function platform.unforeseen_rows(regclass);
drop function platform.ensure_month_partitions(regclass, date, int);
drop function platform.refuse_change();
drop function platform.uuid_v7_floor(timestamptz);
revoke usage on schema platform from agentplatform_app, agentplatform_engine, agentplatform_operator;
