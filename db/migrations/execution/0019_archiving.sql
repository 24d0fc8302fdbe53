-- Months are put away beside writers. A SHARE lock held while the file was written stopped every statement that plans over all months, and to detach a
-- partition under it was a deadlock with whoever held the table and waited for the month. Now a trigger freezes the month in a moment, and the drop takes the
-- table's lock before any other, as everybody does. Signals, approvals and what forks took over go with their runs.
-- after: execution/0017, platform/0003
-- migrate:up
grant delete on execution.approvals to agentplatform_engine;

create function platform.refuse_frozen() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% is being put away', tg_table_name using errcode = 'object_in_use';
end
$$;
revoke all on function platform.refuse_frozen() from public;

create function platform.past_month_partition(parent regclass, month date) returns regclass
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  part regclass := platform.month_partition(parent, month);
begin
  if part is not null and month + interval '1 month' > now() at time zone 'UTC' then
    raise exception 'the month % is not over', to_char(month::timestamp, 'YYYY-MM') using errcode = 'object_not_in_prerequisite_state';
  end if;
  return part;
end
$$;
revoke all on function platform.past_month_partition(regclass, date) from public;

-- From when this commits on nothing is added to the month or changed in it; rows may still be deleted. False when there is no such month.
-- Nothing else may be locked in the same transaction: it waits for whoever writes into the month just now.
create or replace function platform.freeze_month(parent regclass, month date) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  part regclass := platform.past_month_partition(parent, month);
begin
  if part is null then
    return false;
  end if;
  if not exists (select from pg_trigger where tgrelid = part and tgname = 'month_is_frozen') then
    execute format('create trigger month_is_frozen before insert or update on %s for each row execute function platform.refuse_frozen()', part);
  end if;
  return true;
end
$$;

-- Notes where the rows of a month are now.
create function platform.note_archive(archived_table text, archived_month date, archived_rows bigint, archive_sha256 text, archive_file text) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into platform.archives as a (table_name, month, rows, sha256, file)
  values (archived_table, archived_month, archived_rows, archive_sha256, archive_file)
  on conflict (table_name, month) do update
    set rows = excluded.rows, sha256 = excluded.sha256, file = excluded.file, archived_at = now(), restored_at = null, keep_until = null
$$;
revoke all on function platform.note_archive(text, date, bigint, text, text) from public;
grant execute on function platform.note_archive(text, date, bigint, text, text) to agentplatform_engine;

-- Drops a month that is frozen, and notes where its rows are. To be called before anything else is locked: detaching locks the table, its default partition
-- and the month in the order in which everybody comes to them, and takes turns with the making of partitions.
create or replace function platform.drop_month(parent regclass, month date, archived_rows bigint, archive_sha256 text, archive_file text) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  part regclass;
begin
  perform pg_advisory_xact_lock(1635217513, parent::oid::int);
  part := platform.past_month_partition(parent, month);
  if part is null then
    raise exception 'there is no month % of %', month, parent using errcode = 'undefined_table';
  end if;
  if not exists (select from pg_trigger where tgrelid = part and tgname = 'month_is_frozen') then
    raise exception '% is not frozen', part using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format('alter table %s detach partition %s', parent, part);
  execute format('drop table %s', part);
  perform platform.note_archive(parent::text, month, archived_rows, archive_sha256, archive_file);
end
$$;

-- Puts what was loaded into the temporary table `restored` (line json) into a table: rows of `kind`, whose columns that were added since get their
-- defaults. Answers how many rows it put there. For the owner only.
create function platform.restore_rows(target regclass, kind regclass) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  columns text;
  unknown text;
  put bigint;
begin
  select string_agg(format('%I', a.attname), ', ' order by a.attnum), string_agg(k.name, ', ') filter (where a.attname is null)
  into columns, unknown
  from json_object_keys((select line from pg_temp.restored limit 1)) k (name)
  left join pg_attribute a on a.attrelid = kind and a.attname = k.name and a.attnum > 0 and not a.attisdropped;
  if unknown is not null then
    raise exception '% has no columns % any more', kind, unknown using errcode = 'undefined_column';
  end if;
  if columns is null then
    return 0;
  end if;
  execute format('insert into %s (%s) select %s from pg_temp.restored x, json_populate_record(null::%s, x.line) r', target, columns,
    (select string_agg('r.' || c, ', ') from unnest(string_to_array(columns, ', ')) c), kind);
  get diagnostics put = row_count;
  return put;
end
$$;
revoke all on function platform.restore_rows(regclass, regclass) from public;

-- Into the month, which must be there and empty; a table without months takes them as they are.
create or replace function platform.restore_month(parent regclass, month date) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  part regclass;
  is_taken boolean;
begin
  if (select relkind from pg_class where oid = parent) = 'r' then
    return platform.restore_rows(parent, parent);
  end if;
  part := platform.month_partition(parent, month);
  if part is null then
    raise exception 'there is no month % of %', month, parent using errcode = 'undefined_table';
  end if;
  execute format('select exists (select from %s)', part) into is_taken;
  if is_taken then
    raise exception '% is not empty', part using errcode = 'object_not_in_prerequisite_state';
  end if;
  return platform.restore_rows(part, parent);
end
$$;
-- migrate:down
create or replace function platform.restore_month(parent regclass, month date) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  part regclass := platform.month_partition(parent, month);
  is_taken boolean;
  columns text;
  unknown text;
  put bigint;
begin
  if part is null then
    raise exception 'there is no month % of %', month, parent using errcode = 'undefined_table';
  end if;
  execute format('select exists (select from %s)', part) into is_taken;
  if is_taken then
    raise exception '% is not empty', part using errcode = 'object_not_in_prerequisite_state';
  end if;
  select string_agg(format('%I', a.attname), ', ' order by a.attnum), string_agg(k.name, ', ') filter (where a.attname is null)
  into columns, unknown
  from json_object_keys((select line from pg_temp.restored limit 1)) k (name)
  left join pg_attribute a on a.attrelid = parent and a.attname = k.name and a.attnum > 0 and not a.attisdropped;
  if unknown is not null then
    raise exception '% has no columns % any more', parent, unknown using errcode = 'undefined_column';
  end if;
  if columns is null then
    return 0;
  end if;
  execute format('insert into %s (%s) select %s from pg_temp.restored x, json_populate_record(null::%s, x.line) r', part, columns,
    (select string_agg('r.' || c, ', ') from unnest(string_to_array(columns, ', ')) c), parent);
  get diagnostics put = row_count;
  return put;
end
$$;
drop function platform.restore_rows(regclass, regclass);
create or replace function platform.drop_month(parent regclass, month date, archived_rows bigint, archive_sha256 text, archive_file text) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  part regclass := platform.month_partition(parent, month);
  held bigint;
begin
  if not coalesce(platform.freeze_month(parent, month), false) then
    raise exception 'there is no month % of %', month, parent using errcode = 'undefined_table';
  end if;
  execute format('select count(*) from %s', part) into held;
  if held <> archived_rows then
    raise exception 'the archive of % holds % rows and not %', part, archived_rows, held using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format('alter table %s detach partition %s', parent, part);
  execute format('drop table %s', part);
  insert into platform.archives as a (table_name, month, rows, sha256, file)
  values (parent::text, month, archived_rows, archive_sha256, archive_file)
  on conflict (table_name, month) do update
    set rows = excluded.rows, sha256 = excluded.sha256, file = excluded.file, archived_at = now(), restored_at = null, keep_until = null;
end
$$;
drop function platform.note_archive(text, date, bigint, text, text);
create or replace function platform.freeze_month(parent regclass, month date) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
  part regclass := platform.month_partition(parent, month);
begin
  if part is null then
    return false;
  end if;
  if month + interval '1 month' > now() at time zone 'UTC' then
    raise exception 'the month % is not over', to_char(month::timestamp, 'YYYY-MM') using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format('lock table %s in share mode', part);
  return true;
end
$$;
drop function platform.past_month_partition(regclass, date);
drop function platform.refuse_frozen();
revoke delete on execution.approvals from agentplatform_engine;
