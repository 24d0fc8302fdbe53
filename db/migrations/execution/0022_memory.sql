-- Memory of conversations: what lies before the window is kept as a summary that rolls on (ADR 0045). Who begins a reply sees how much has gathered and
-- says up to where it is due; any worker makes it, one at a time for a conversation, and what that used is booked in the transaction that stores it.
-- after: execution/0021, billing/0001
-- migrate:up
alter table execution.conversations
  -- Up to which message a summary is to be made; 0 when nothing is asked.
  add column summary_due int not null default 0 check (summary_due >= 0),
  -- When a worker took it up. One that has not stored it after a while is taken for dead, or for one whose model did not answer.
  add column summary_tried_at timestamptz;
create index conversations_summary_idx on execution.conversations (summary_tried_at nulls first) where summary_due > summary_seq;
-- migrate:down
drop index execution.conversations_summary_idx;
alter table execution.conversations drop column summary_due, drop column summary_tried_at;
