-- On which terms an agent's model may call a bound skill, and the version of llm whose nodes name their tools.
-- 1.2.0 takes what 1.1.0 (agents/0009) takes, and tools.
-- migrate:up
alter table agents.agent_skills
  -- always: a person is asked before each call.
  add column approval text not null default 'never' check (approval in ('never', 'always')),
  -- Of one call; null for what the skill has by itself.
  add column timeout_ms integer check (timeout_ms between 1 and 3600000),
  -- By one llm node.
  add column max_calls integer check (max_calls between 1 and 200),
  -- Name of the credential that the skill applies.
  add column credential text check (char_length(credential) between 1 and 255);

-- Row-level security is forced, also for the owner where it may not bypass it.
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000406', '01900000-0000-7000-8000-000000000006', '1.2.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "llm",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "model": { "type": "string", "minLength": 1, "maxLength": 255, "description": "vendor/model; the agent's own model when missing, and sandbox/echo when it has none." },
    "fallbacks": {
      "type": "array",
      "maxItems": 8,
      "items": { "type": "string", "minLength": 1, "maxLength": 255 },
      "description": "Models to ask instead, in this order: when the context window is too small, the content is refused, the vendor is out of order or no credential is there."
    },
    "prompt": { "type": "string", "minLength": 1, "description": "The last message of the user." },
    "messages": {
      "type": "array",
      "minItems": 1,
      "maxItems": 1000,
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
    "images": {
      "type": "array",
      "maxItems": 20,
      "description": "For the last message of the user.",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "url": { "type": "string", "minLength": 1, "maxLength": 8192, "pattern": "^https?://", "description": "Fetched by the vendor, not by us." },
          "base64": { "type": "string", "minLength": 1, "contentEncoding": "base64" },
          "media_type": { "enum": ["image/png", "image/jpeg", "image/gif", "image/webp"], "description": "Of base64." }
        },
        "oneOf": [{ "required": ["url"] }, { "required": ["base64", "media_type"] }]
      }
    },
    "temperature": { "type": "number", "minimum": 0, "maximum": 2 },
    "max_tokens": { "type": "integer", "exclusiveMinimum": 0, "maximum": 10000000, "description": "Of one answer." },
    "response_schema": { "type": ["object", "boolean"], "description": "A JSON Schema: the answer is JSON that fits it, and comes out as json." },
    "tools": {
      "description": "What the model may call until it answers: \"agent\" for the skills that are bound to the agent, which is also what a missing list means, or a list; an empty one offers none.",
      "anyOf": [
        { "const": "agent" },
        {
          "type": "array",
          "maxItems": 128,
          "items": {
            "anyOf": [
              { "type": "string", "minLength": 1, "maxLength": 1024, "description": "A skill (slug, slug@1, slug@1.2.0), an agent (agent:slug), or \"agent\" for the bound skills." },
              {
                "type": "object",
                "additionalProperties": false,
                "required": ["skill"],
                "properties": {
                  "skill": { "type": "string", "minLength": 1, "maxLength": 1024 },
                  "approval": { "enum": ["never", "always"], "default": "never", "description": "always: a person is asked before each call." },
                  "timeout": { "type": ["string", "integer"], "description": "Of one call: a time span like 10s or 2m, or milliseconds; at most 1h." },
                  "max_calls": { "type": "integer", "minimum": 1, "maximum": 200, "description": "By this node." },
                  "credential": { "type": "string", "minLength": 1, "maxLength": 255, "description": "Name of the credential that the skill applies." }
                }
              }
            ]
          }
        }
      ]
    },
    "max_iterations": { "type": "integer", "minimum": 1, "maximum": 50, "description": "How often the model is asked; the agent's own limit when missing, and 10 when it has none." },
    "token_budget": { "type": "integer", "exclusiveMinimum": 0, "maximum": 1000000000000, "description": "Input and output tokens of all questions together, after which no further one is asked." },
    "budget_micros": { "type": "integer", "minimum": 0, "maximum": 1000000000000000, "description": "Cost of all questions together, after which no further one is asked; the agent's own limit when missing." }
  }
}
$json$, 'Tools, and limits of the calls that a model makes with them.');
-- migrate:down
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions
where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-000000000406';
alter table agents.skill_versions enable trigger user;
alter table agents.agent_skills drop column approval, drop column timeout_ms, drop column max_calls, drop column credential;
