-- Months of partitioned tables that are put away into files, and brought back from them.
-- What is immutable (audit logs, ledgers) is refused here, whoever asks.
-- migrate:up
create table platform.archives (
  table_name text not null check (char_length(table_name) between 1 and 128),
  month date not null check (extract(day from month) = 1),
  rows bigint not null check (rows >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  file text not null check (char_length(file) between 1 and 1024),
  archived_at timestamptz not null default now(),
  -- Set while the month is back in the database.
  restored_at timestamptz,
  keep_until timestamptz,
  primary key (table_name, month)
);
grant select on platform.archives to agentplatform_engine, agentplatform_operator;

create function platform.month_partition(parent regclass, month date) returns regclass
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_class p where p.oid = parent and p.relkind = 'p' and p.relowner = current_user::regrole) then
    raise exception '% is not a partitioned table of ours', parent using errcode = 'wrong_object_type';
  end if;
  if exists (select from pg_trigger where tgrelid = parent and tgfoid = 'platform.refuse_change()'::regprocedure and (tgtype & 32) <> 0) then
    raise exception '% is immutable: its months stay', parent using errcode = 'restrict_violation';
  end if;
  return (
    select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where i.inhparent = parent and c.relname = p.relname || to_char(month::timestamp, '"_"YYYY"_"MM'));
end
$$;

-- The months that a table has partitions of, the oldest first.
create function platform.months_of(parent regclass) returns setof date
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select to_date(right(c.relname, 7), 'YYYY_MM') as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = parent and c.relname ~ '_[0-9]{4}_[0-9]{2}$' order by 1
$$;

-- Keeps everybody from writing into the month until the transaction ends. False when there is no such month.
create function platform.freeze_month(parent regclass, month date) returns boolean
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

-- Drops the month, provided that it holds as many rows as the archive, and notes where they are now. Detaching stops the table for a moment,
-- so it does not wait long for its turn.
create function platform.drop_month(parent regclass, month date, archived_rows bigint, archive_sha256 text, archive_file text) returns void
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

-- Puts what was loaded into the temporary table `restored` (line json) into the month, which must be there and empty. Columns that were added
-- since get their defaults. Answers how many rows it put there. For the owner only.
create function platform.restore_month(parent regclass, month date) returns bigint
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

revoke all on function platform.month_partition(regclass, date), platform.months_of(regclass), platform.freeze_month(regclass, date),
  platform.drop_month(regclass, date, bigint, text, text), platform.restore_month(regclass, date) from public;
grant execute on function platform.month_partition(regclass, date), platform.months_of(regclass), platform.freeze_month(regclass, date),
  platform.drop_month(regclass, date, bigint, text, text) to agentplatform_engine;

-- migrate:down
drop function platform.restore_month(regclass, date);
drop function platform.drop_month(regclass, date, bigint, text, text);
drop function platform.freeze_month(regclass, date);
drop function platform.months_of(regclass);
drop function platform.month_partition(regclass, date);
drop table platform.archives;
