-- The skills that the platform brings along, under its own tenant, with the same ids in every installation: a definition that was exported
-- here resolves there. Each schema says what a node's `with` may hold; transform takes anything, because what it is given is what it builds.
-- migrate:up
-- Row-level security is forced, also for the owner where it may not bypass it.
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skills (tenant_id, id, slug, name, description, type, category) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000001', 'transform', 'Transform', 'Builds JSON from expressions and templates.', 'transform', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000002', 'http_request', 'HTTP request', 'One HTTP call to a host on the public internet.', 'http_request', 'api'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000003', 'switch', 'Switch', 'Chooses the first case whose condition holds; edges that name the case go on.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000004', 'merge', 'Merge', 'Brings the outputs of several branches together.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000005', 'fail', 'Fail', 'Ends the run with an error of your own.', 'builtin', 'utility'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000006', 'llm', 'Language model', 'One call of a language model.', 'llm', 'computation');

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000101', '01900000-0000-7000-8000-000000000001', '1.0.0', null, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000102', '01900000-0000-7000-8000-000000000002', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "http_request",
  "description": "One HTTP call to a host on the public internet.",
  "type": "object",
  "additionalProperties": false,
  "required": ["url"],
  "not": { "required": ["body", "body_base64"] },
  "$defs": {
    "scalar": { "type": ["string", "number", "boolean", "null"] },
    "status": { "anyOf": [{ "type": "integer", "minimum": 100, "maximum": 599 }, { "enum": ["4xx", "5xx"] }] }
  },
  "properties": {
    "method": { "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], "default": "GET" },
    "url": { "type": "string", "minLength": 1, "maxLength": 8192, "description": "An absolute http or https URL, without user name and password." },
    "query": {
      "type": "object",
      "description": "Added to the URL's own query. An array repeats its name; null leaves it out.",
      "additionalProperties": { "anyOf": [{ "$ref": "#/$defs/scalar" }, { "type": "array", "items": { "$ref": "#/$defs/scalar" } }] }
    },
    "headers": {
      "type": "object",
      "maxProperties": 64,
      "description": "Printable ASCII. Host, Content-Length and hop-by-hop headers are set by the platform. On a redirect to another origin only harmless ones go along.",
      "propertyNames": { "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$" },
      "additionalProperties": { "$ref": "#/$defs/scalar" }
    },
    "body": { "description": "A text is sent as it is, anything else as JSON, unless a Content-Type header says what it is. At most 5 MiB." },
    "body_base64": { "type": "string", "contentEncoding": "base64", "description": "Bytes to send, instead of body." },
    "timeout": { "type": "string", "pattern": "^[0-9]{1,6}(ms|s|m)$", "default": "30s", "description": "For the whole call with its redirects and its body; at most 5m." },
    "response": { "enum": ["auto", "json", "text", "base64"], "default": "auto", "description": "auto goes by the content type: JSON if it is valid JSON, else text if it is text, else base64." },
    "follow_redirects": { "anyOf": [{ "type": "boolean" }, { "type": "integer", "minimum": 0, "maximum": 5 }], "default": 5 },
    "max_response_bytes": { "type": "integer", "minimum": 1, "maximum": 5242880, "default": 5242880, "description": "After decompression." },
    "expect_status": {
      "description": "Statuses from 400 on that are an answer and not an error.",
      "anyOf": [{ "$ref": "#/$defs/status" }, { "type": "array", "items": { "$ref": "#/$defs/status" } }]
    }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000103', '01900000-0000-7000-8000-000000000003', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "switch",
  "type": "object",
  "additionalProperties": false,
  "required": ["cases"],
  "properties": {
    "cases": {
      "type": "array",
      "minItems": 1,
      "maxItems": 100,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "when"],
        "properties": {
          "name": { "type": "string", "minLength": 1, "maxLength": 255, "description": "What an edge names as its case." },
          "when": { "type": "string", "minLength": 1, "maxLength": 4097, "description": "An expression; the first case whose value is truthy wins." }
        }
      }
    },
    "default": { "type": "string", "minLength": 1, "maxLength": 255, "description": "The case that wins when no other does." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000104', '01900000-0000-7000-8000-000000000004', '1.0.0', $json$
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
      "description": "object: the members of all objects, later ones win; array: the values that are not null; first: the first that is not null."
    }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000105', '01900000-0000-7000-8000-000000000005', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "fail",
  "type": "object",
  "additionalProperties": false,
  "required": ["message"],
  "properties": {
    "code": { "type": "string", "minLength": 1, "maxLength": 64, "description": "The code of the run's error." },
    "message": { "type": "string", "minLength": 1 },
    "detail": { "description": "Anything that helps whoever reads the error." }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000106', '01900000-0000-7000-8000-000000000006', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "llm",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "model": { "type": "string", "minLength": 1, "maxLength": 255, "description": "vendor/model; the agent's own model when missing." },
    "prompt": { "type": "string", "minLength": 1 },
    "messages": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["role", "content"],
        "properties": {
          "role": { "enum": ["system", "user", "assistant"] },
          "content": { "type": "string" }
        }
      }
    },
    "system": { "type": "string", "description": "The agent's system prompt when missing." },
    "temperature": { "type": "number", "minimum": 0, "maximum": 2 },
    "max_tokens": { "type": "integer", "exclusiveMinimum": 0 }
  }
}
$json$, 'First version.');
-- migrate:down
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions where tenant_id = '00000000-0000-0000-0000-000000000000';
alter table agents.skill_versions enable trigger user;
delete from agents.skills where tenant_id = '00000000-0000-0000-0000-000000000000';
