-- The platform's skill `code`: a node's own JavaScript, TypeScript or Python. A tenant's skill of type code keeps its source in the version instead,
-- and what a node gives it is the code's input.
-- migrate:up
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skills (tenant_id, id, slug, name, description, type, category) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000000c0', 'code', 'Code', 'JavaScript, TypeScript or Python of your own, in a process without files, environment and network.', 'code', 'computation');

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000001c0', '01900000-0000-7000-8000-0000000000c0', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "code",
  "description": "A function main(input, ctx). What it gives is the output's result; what it prints is in its logs.",
  "type": "object",
  "additionalProperties": false,
  "required": ["language", "code"],
  "properties": {
    "language": { "enum": ["javascript", "typescript", "python"] },
    "code": { "type": "string", "minLength": 1, "maxLength": 262144, "description": "Defines main(input, ctx); it may be async." },
    "input": { "description": "What main gets as its first argument; null when missing." },
    "limits": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "timeout_ms": { "type": "integer", "minimum": 10, "maximum": 300000, "default": 30000 },
        "cpu_ms": { "type": "integer", "minimum": 10, "maximum": 60000, "default": 10000 },
        "memory_mib": { "type": "integer", "minimum": 16, "maximum": 512, "default": 128, "description": "On top of the idle interpreter." },
        "output_bytes": { "type": "integer", "minimum": 1, "maximum": 4194304, "default": 4194304 }
      }
    },
    "network": {
      "type": "array",
      "maxItems": 32,
      "items": { "type": "string", "minLength": 1, "maxLength": 255 },
      "description": "Hosts that the code may call with fetch: api.example.com, *.example.com. None when missing."
    }
  }
}
$json$, 'First version.');
-- migrate:down
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions where tenant_id = '00000000-0000-0000-0000-000000000000' and skill_id = '01900000-0000-7000-8000-0000000000c0';
alter table agents.skill_versions enable trigger user;
delete from agents.skills where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-0000000000c0';
