-- How often a run took its worker down, apart from how often it was taken up: a run that a node gave back when it stopped is no poison,
-- and its attempts must go on counting, since they number its events and fence off who had it before.
-- migrate:up
alter table execution.run_queue add column lost_workers int not null default 0 check (lost_workers >= 0);
-- migrate:down
alter table execution.run_queue drop column lost_workers;
