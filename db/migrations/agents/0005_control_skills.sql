-- The skills that repeat, wait, ask and call, those that work on data, and what an agent's versions call: agents.agent_version_calls, resolved when
-- the version is made, by which cycles are found before anything runs. A foreach's and a loop's body is a graph with checks of its own, so their
-- schemas do not require it: what the engine holds against them is the rest.
-- migrate:up
-- Row-level security is forced, also for the owner where it may not bypass it.
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skills (tenant_id, id, slug, name, description, type, category) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000007', 'foreach', 'For each', 'Runs a body once for each item of an array, several at a time, and keeps the order of the results.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000008', 'loop', 'Loop', 'Runs a body again and again until a condition holds.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000009', 'wait', 'Wait', 'Waits for a time span, a moment or a signal; a waiting run holds no worker.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000010', 'approval', 'Approval', 'Waits until a person approves, rejects, or edits and approves.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000011', 'agent', 'Agent', 'Runs another agent as a child run.', 'agent', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000012', 'respond', 'Respond', 'Answers the webhook that waits for this run; the run goes on.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000013', 'emit_event', 'Emit event', 'Tells the event sinks of the tenant that something happened.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000014', 'set_config', 'Set config', 'Writes a setting of this agent, which its later runs read as config.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000015', 'json', 'JSON', 'Reads JSON out of a text, or writes a value as JSON text.', 'builtin', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000016', 'markdown', 'Markdown', 'Makes HTML or plain text of Markdown.', 'builtin', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000017', 'html_extract', 'HTML extract', 'Takes texts, HTML or attributes out of a page by CSS selectors.', 'builtin', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000018', 'date', 'Date', 'Reads, writes, shifts and compares moments in any time zone.', 'builtin', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000019', 'hash', 'Hash', 'A digest of a text or of JSON, with a key or without.', 'builtin', 'computation');

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000107', '01900000-0000-7000-8000-000000000007', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "foreach",
  "description": "Gives { results: [...], errors: [{ index, code, message, class }] }; the result of a failed item is null.",
  "type": "object",
  "additionalProperties": false,
  "required": ["items"],
  "properties": {
    "items": { "type": "array", "maxItems": 10000, "description": "Usually an expression." },
    "body": { "type": "object", "description": "Required: a graph { nodes, edges?, output? }, or an agent { agent, version?, input? }. It may read item and index." },
    "concurrency": { "type": "integer", "minimum": 1, "maximum": 64, "default": 8 },
    "on_item_error": { "enum": ["fail", "collect"], "default": "fail", "description": "fail: the first failed item fails the node. collect: go on and list the errors." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000108', '01900000-0000-7000-8000-000000000008', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "loop",
  "description": "Gives { output, iterations, done }: what the last round gave, how many rounds there were, and whether the condition held.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "body": { "type": "object", "description": "Required: a graph { nodes, edges?, output? }, or an agent { agent, version?, input? }. It may read item (what the round before gave) and index." },
    "until": { "type": "string", "minLength": 1, "maxLength": 4097, "description": "A condition over the body's scope and output, judged after each round." },
    "max_iterations": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 },
    "initial": { "description": "The first round's item." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000109', '01900000-0000-7000-8000-000000000009', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "wait",
  "description": "Takes exactly one of for, until and signal. Gives { waited_until }, or { signal, payload, received_at }.",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "for": { "type": ["string", "integer"], "description": "A time span like 200ms, 10s, 2m, 1h or 3d, or milliseconds; at most 365d." },
    "until": { "type": "string", "description": "A moment with its offset (RFC 3339)." },
    "signal": { "type": "string", "pattern": "^[A-Za-z0-9_.-]{1,128}$", "description": "POST /v1/runs/{id}/signals/{name} sends it." },
    "timeout": { "type": ["string", "integer"], "description": "Only with signal: after this time span the node fails." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000110', '01900000-0000-7000-8000-000000000010', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "approval",
  "description": "Gives { approved: true, payload, comment, decided_by, decided_at }. A rejection or an expiry fails the node with the class approval and the code rejected or expired.",
  "type": "object",
  "additionalProperties": false,
  "required": ["title"],
  "properties": {
    "title": { "type": "string", "minLength": 1, "maxLength": 255 },
    "payload": { "description": "What is decided upon; whoever decides may edit it." },
    "assignee": { "type": "string", "minLength": 1, "maxLength": 320, "description": "A member's id or e-mail address." },
    "team": { "type": "string", "minLength": 1, "maxLength": 63, "description": "A team's slug." },
    "expires_in": { "type": ["string", "integer"], "description": "A time span like 1h or 3d, or milliseconds; at most 365d." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000111', '01900000-0000-7000-8000-000000000011', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "agent",
  "description": "Gives the child run's output; detached, { run_id } at once.",
  "type": "object",
  "additionalProperties": false,
  "required": ["agent"],
  "properties": {
    "agent": { "type": "string", "minLength": 1, "maxLength": 63, "description": "A slug or an id, named plainly." },
    "version": { "type": "string", "minLength": 1, "maxLength": 128, "description": "A number or an id, named plainly; the latest when missing." },
    "input": { "description": "The child run's input." },
    "detached": { "type": "boolean", "default": false, "description": "Do not wait for the child run." },
    "priority": { "type": "integer", "minimum": -100, "maximum": 100, "description": "This run's own when missing." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000112', '01900000-0000-7000-8000-000000000012', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "respond",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "status": { "type": "integer", "minimum": 200, "maximum": 599, "default": 200 },
    "headers": { "type": "object", "maxProperties": 32, "additionalProperties": { "type": "string", "maxLength": 4096 } },
    "body": { "description": "A text is sent as it is, anything else as JSON." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000113', '01900000-0000-7000-8000-000000000013', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "emit_event",
  "type": "object",
  "additionalProperties": false,
  "required": ["type"],
  "properties": {
    "type": { "type": "string", "pattern": "^[a-z0-9_.-]{1,128}$" },
    "data": { "description": "At most 256 KiB." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000114', '01900000-0000-7000-8000-000000000014', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "set_config",
  "type": "object",
  "additionalProperties": false,
  "required": ["key", "value"],
  "properties": {
    "key": { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,62}$" },
    "value": { "description": "At most 64 KiB." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000115', '01900000-0000-7000-8000-000000000015', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "json",
  "type": "object",
  "additionalProperties": false,
  "required": ["op", "value"],
  "properties": {
    "op": { "enum": ["parse", "stringify"] },
    "value": { "description": "parse: a text with one JSON value. stringify: anything." },
    "indent": { "type": "boolean", "default": false, "description": "stringify: one member a line." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000116', '01900000-0000-7000-8000-000000000016', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "markdown",
  "description": "Gives { html } or { text }. HTML inside the Markdown is shown as text, never passed on.",
  "type": "object",
  "additionalProperties": false,
  "required": ["text"],
  "properties": {
    "text": { "type": "string", "maxLength": 1048576 },
    "to": { "enum": ["html", "text"], "default": "html" }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000117', '01900000-0000-7000-8000-000000000017', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "html_extract",
  "description": "Gives an object with the same names as fields. Nothing is loaded and no script runs.",
  "type": "object",
  "additionalProperties": false,
  "required": ["html", "fields"],
  "properties": {
    "html": { "type": "string", "maxLength": 5242880 },
    "fields": {
      "type": "object",
      "minProperties": 1,
      "maxProperties": 64,
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "required": ["selector"],
        "properties": {
          "selector": { "type": "string", "minLength": 1, "maxLength": 1024, "description": "A CSS selector." },
          "get": { "enum": ["text", "html", "inner_html", "attribute"], "default": "text" },
          "attribute": { "type": "string", "minLength": 1, "maxLength": 128, "description": "For get: attribute." },
          "all": { "type": "boolean", "default": false, "description": "All that match, as an array; else the first, or null." }
        }
      }
    }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000118', '01900000-0000-7000-8000-000000000018', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "date",
  "type": "object",
  "additionalProperties": false,
  "required": ["op", "value"],
  "properties": {
    "op": { "enum": ["parse", "format", "add", "diff", "convert"] },
    "value": { "type": ["string", "number"], "description": "A moment: RFC 3339, a date, or milliseconds since 1970. The current time is run.started_at." },
    "to": { "type": ["string", "number"], "description": "diff: the moment to which it is counted." },
    "format": { "type": "string", "minLength": 1, "maxLength": 128, "description": "parse, format: a pattern like yyyy-MM-dd HH:mm." },
    "zone": { "type": "string", "minLength": 1, "maxLength": 64, "default": "UTC", "description": "An IANA time zone, like Europe/Berlin." },
    "amount": {
      "type": "object",
      "additionalProperties": false,
      "minProperties": 1,
      "description": "add: what is added; negative numbers go back.",
      "properties": {
        "years": { "type": "integer" }, "months": { "type": "integer" }, "weeks": { "type": "integer" }, "days": { "type": "integer" },
        "hours": { "type": "integer" }, "minutes": { "type": "integer" }, "seconds": { "type": "integer" }, "milliseconds": { "type": "integer" }
      }
    }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000119', '01900000-0000-7000-8000-000000000019', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "hash",
  "description": "Gives { digest }. JSON is hashed in its canonical form (RFC 8785).",
  "type": "object",
  "additionalProperties": false,
  "required": ["value"],
  "properties": {
    "value": { "description": "A text is hashed as UTF-8, anything else as canonical JSON." },
    "algorithm": { "enum": ["sha256", "sha512", "sha1", "md5"], "default": "sha256" },
    "key": { "type": "string", "minLength": 1, "maxLength": 4096, "description": "Makes it an HMAC." },
    "encoding": { "enum": ["hex", "base64", "base64url"], "default": "hex" }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000204', '01900000-0000-7000-8000-000000000004', '1.0.1', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "merge",
  "type": "object",
  "additionalProperties": false,
  "required": ["values"],
  "properties": {
    "values": { "type": "array", "description": "Usually one expression for each branch; a branch that was skipped gives null." },
    "mode": {
      "enum": ["object", "array", "first"],
      "default": "object",
      "description": "object: the members of all objects, later ones win; array: all values in one array, the items of arrays among them, without nulls; first: the first that is not null."
    }
  }
}
$json$, 'Says what the mode array does; it does the same as before.');

create table agents.agent_version_calls (
  tenant_id uuid not null references tenants.tenants (id),
  agent_version_id uuid not null,
  n integer not null check (n >= 0),
  called_agent_id uuid not null,
  -- Null: the latest at the time of the call.
  called_version_id uuid,
  primary key (tenant_id, agent_version_id, n),
  foreign key (tenant_id, agent_version_id) references agents.agent_versions (tenant_id, id),
  foreign key (tenant_id, called_agent_id) references agents.agents (tenant_id, id),
  foreign key (tenant_id, called_version_id) references agents.agent_versions (tenant_id, id)
);
create index agent_version_calls_called_idx on agents.agent_version_calls (tenant_id, called_agent_id, agent_version_id);
create index agent_version_calls_version_idx on agents.agent_version_calls (tenant_id, called_version_id);
create trigger refuse_change before update or delete on agents.agent_version_calls
  for each row execute function platform.refuse_change();
create trigger refuse_truncate before truncate on agents.agent_version_calls
  for each statement execute function platform.refuse_change();
alter table agents.agent_version_calls enable row level security;
alter table agents.agent_version_calls force row level security;
create policy tenant_isolation on agents.agent_version_calls
  using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
create policy operator_reads on agents.agent_version_calls for select to agentplatform_operator using (true);
grant select, insert on agents.agent_version_calls to agentplatform_app;
grant select on agents.agent_version_calls to agentplatform_operator;
-- migrate:down
drop table agents.agent_version_calls;
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions
where tenant_id = '00000000-0000-0000-0000-000000000000'
  and id between '01900000-0000-7000-8000-000000000107' and '01900000-0000-7000-8000-000000000204';
alter table agents.skill_versions enable trigger user;
delete from agents.skills
where tenant_id = '00000000-0000-0000-0000-000000000000'
  and id between '01900000-0000-7000-8000-000000000007' and '01900000-0000-7000-8000-000000000019';
