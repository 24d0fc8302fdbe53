-- Schedules: when each trigger fires next, and Quartz's own tables (schema quartz), which hold the one clustered job that looks for what is due.
-- Quartz could make its tables itself, but the role it connects with (the engine's) may not create anything; these are its statements of version 4.7.3
-- (PostgreSQL, prefix "quartz."), and it checks them when it starts.
-- Events: which of the outbox are not handed out yet, and how many runs started by events came before a run.
-- after: platform/0002
-- migrate:up
alter table execution.triggers
  -- The last time that fired no run although it was due, and why (agent_inactive, tenant_suspended, missed, invalid_cron, …).
  add column last_skipped_at timestamptz,
  add column skip_reason text check (char_length(skip_reason) between 1 and 64),
  add column topic text check (topic ~ '^[a-z0-9_.-]{1,128}$'),
  add constraint triggers_due_check check (kind <> 'schedule' or (cron is not null and time_zone is not null and misfire is not null)),
  add constraint triggers_event_check check ((kind = 'event') = (topic is not null));
-- What is due: of a million triggers the left end of this index, over all tenants.
create index triggers_due_idx on execution.triggers (next_fire_at) where is_enabled and next_fire_at is not null;
create index triggers_topic_idx on execution.triggers (tenant_id, topic) where topic is not null;
-- A schedule's row is rewritten with every fire.
alter table execution.triggers set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create policy engine_crosses on execution.triggers to agentplatform_engine using (true) with check (true);
grant select, update (next_fire_at, last_fired_at, last_skipped_at, skip_reason) on execution.triggers to agentplatform_engine;

-- How many events lie between a run and the one that somebody started: events that cause themselves end.
alter table execution.runs add column event_depth smallint not null default 0 check (event_depth between 0 and 100);

alter table platform.outbox add column handed_out_at timestamptz;
create index outbox_open_idx on platform.outbox (created_at, id) where handed_out_at is null;
create index outbox_done_idx on platform.outbox (handed_out_at) where handed_out_at is not null;

create schema quartz;
grant usage on schema quartz to agentplatform_engine;
create table quartz.job_details (
  sched_name text not null,
  job_name text not null,
  job_group text not null,
  description text,
  job_class_name text not null,
  is_durable bool not null,
  is_nonconcurrent bool not null,
  is_update_data bool not null,
  requests_recovery bool not null,
  job_data bytea,
  primary key (sched_name, job_name, job_group)
);
create table quartz.triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  job_name text not null,
  job_group text not null,
  description text,
  next_fire_time bigint,
  prev_fire_time bigint,
  priority integer,
  trigger_state text not null,
  trigger_type text not null,
  start_time bigint not null,
  end_time bigint,
  calendar_name text,
  misfire_instr smallint,
  misfire_orig_fire_time bigint,
  execution_group varchar(200),
  preferred_node varchar(200),
  preferred_node_auto bool not null default false,
  retry_policy varchar(250),
  retry_attempt integer,
  continues_trigger_name text,
  continues_trigger_group text,
  continuation_condition integer,
  overlap_policy integer,
  pause_reason varchar(250),
  paused_by varchar(200),
  paused_at bigint,
  misfire_threshold bigint,
  fixed_delay bool,
  job_data bytea,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, job_name, job_group) references quartz.job_details (sched_name, job_name, job_group)
);
create table quartz.simple_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  repeat_count bigint not null,
  repeat_interval bigint not null,
  times_triggered bigint not null,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group) references quartz.triggers (sched_name, trigger_name, trigger_group) on delete cascade
);
create table quartz.cron_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  cron_expression text not null,
  time_zone_id text,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group) references quartz.triggers (sched_name, trigger_name, trigger_group) on delete cascade
);
create table quartz.simprop_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  str_prop_1 text,
  str_prop_2 text,
  str_prop_3 text,
  int_prop_1 integer,
  int_prop_2 integer,
  long_prop_1 bigint,
  long_prop_2 bigint,
  dec_prop_1 numeric,
  dec_prop_2 numeric,
  bool_prop_1 bool,
  bool_prop_2 bool,
  time_zone_id text,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group) references quartz.triggers (sched_name, trigger_name, trigger_group) on delete cascade
);
create table quartz.blob_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  blob_data bytea,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group) references quartz.triggers (sched_name, trigger_name, trigger_group) on delete cascade
);
create table quartz.calendars (
  sched_name text not null,
  calendar_name text not null,
  calendar bytea not null,
  primary key (sched_name, calendar_name)
);
create table quartz.paused_trigger_grps (
  sched_name text not null,
  trigger_group text not null,
  pause_reason varchar(250),
  paused_by varchar(200),
  paused_at bigint,
  primary key (sched_name, trigger_group)
);
create table quartz.paused_job_grps (
  sched_name text not null,
  job_group text not null,
  pause_reason varchar(250),
  paused_by varchar(200),
  paused_at bigint,
  primary key (sched_name, job_group)
);
create table quartz.fired_triggers (
  sched_name text not null,
  entry_id text not null,
  trigger_name text not null,
  trigger_group text not null,
  instance_name text not null,
  fired_time bigint not null,
  sched_time bigint not null,
  priority integer not null,
  state text not null,
  job_name text,
  job_group text,
  is_nonconcurrent bool not null,
  requests_recovery bool,
  execution_group varchar(200),
  progress integer,
  progress_message varchar(250),
  interrupt_requested_time bigint,
  primary key (sched_name, entry_id)
);
create table quartz.scheduler_state (
  sched_name text not null,
  instance_name text not null,
  last_checkin_time bigint not null,
  checkin_interval bigint not null,
  quartz_version varchar(20),
  primary key (sched_name, instance_name)
);
create table quartz.locks (
  sched_name text not null,
  lock_name text not null,
  primary key (sched_name, lock_name)
);
create table quartz.execution_history (
  sched_name text not null,
  entry_id text not null,
  instance_name text not null,
  job_name text not null,
  job_group text not null,
  trigger_name text not null,
  trigger_group text not null,
  fired_time bigint not null,
  run_time bigint not null,
  succeeded bool not null,
  error_message text,
  retry_attempt integer not null default 0,
  retry_scheduled bool not null default false,
  execution_log text,
  result integer,
  summary text,
  metrics text,
  manual bool,
  fire_instance_id text,
  job_input text,
  job_input_too_large bool,
  primary key (sched_name, entry_id)
);
create table quartz.misfire_history (
  sched_name text not null,
  entry_id text not null,
  instance_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  job_name text,
  job_group text,
  misfire_time bigint not null,
  sched_time bigint,
  reason integer,
  primary key (sched_name, entry_id)
);
create table quartz.job_status (
  sched_name text not null,
  job_group text not null,
  job_name text not null,
  first_fired_time bigint not null,
  last_fired_time bigint not null,
  last_result integer not null,
  last_run_time bigint not null,
  last_instance_name text not null,
  last_entry_id text,
  last_summary text,
  last_success_time bigint,
  last_failure_time bigint,
  last_failure_message text,
  consecutive_failures integer not null default 0,
  run_count bigint not null default 0,
  failure_count bigint not null default 0,
  primary key (sched_name, job_group, job_name)
);
create index idx_j_g_n on quartz.job_details (sched_name, job_group, job_name);
create index idx_t_j on quartz.triggers (sched_name, job_name, job_group);
create index idx_t_g_n on quartz.triggers (sched_name, trigger_group, trigger_name);
create index idx_t_c on quartz.triggers (sched_name, calendar_name);
create index idx_t_nft_st on quartz.triggers (sched_name, trigger_state, next_fire_time asc, priority desc, misfire_instr);
create index idx_ft_inst_job_req_rcvry on quartz.fired_triggers (sched_name, instance_name, requests_recovery);
create index idx_ft_j_g on quartz.fired_triggers (sched_name, job_name, job_group);
create index idx_ft_t_g on quartz.fired_triggers (sched_name, trigger_name, trigger_group);
create index idx_eh_fired_time on quartz.execution_history (sched_name, fired_time);
create index idx_eh_inst on quartz.execution_history (sched_name, instance_name);
create index idx_mh_misfire_time on quartz.misfire_history (sched_name, misfire_time);
create index idx_mh_inst on quartz.misfire_history (sched_name, instance_name);
create index idx_eh_job_time on quartz.execution_history (sched_name, job_group, job_name, fired_time);
create index idx_eh_fire_inst on quartz.execution_history (sched_name, fire_instance_id);
create index idx_eh_trig_time on quartz.execution_history (sched_name, trigger_group, trigger_name, fired_time);
grant select, insert, update, delete on all tables in schema quartz to agentplatform_engine;
-- migrate:down
drop schema quartz cascade;
drop index platform.outbox_done_idx;
drop index platform.outbox_open_idx;
alter table platform.outbox drop column handed_out_at;
alter table execution.runs drop column event_depth;
revoke select, update (next_fire_at, last_fired_at, last_skipped_at, skip_reason) on execution.triggers from agentplatform_engine;
drop policy engine_crosses on execution.triggers;
alter table execution.triggers reset (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);
drop index execution.triggers_topic_idx;
drop index execution.triggers_due_idx;
alter table execution.triggers
  drop constraint triggers_event_check,
  drop constraint triggers_due_check,
  drop column topic,
  drop column skip_reason,
  drop column last_skipped_at;
