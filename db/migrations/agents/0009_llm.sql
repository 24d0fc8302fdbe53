-- The skill llm can do more: fallbacks to other models, structured answers, images. What 1.0.0 took, 1.1.0 takes as well.
-- migrate:up
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, output_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000306', '01900000-0000-7000-8000-000000000006', '1.1.0', $json$
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
    "max_tokens": { "type": "integer", "exclusiveMinimum": 0, "maximum": 10000000, "description": "Of the answer." },
    "response_schema": { "type": ["object", "boolean"], "description": "A JSON Schema: the answer is JSON that fits it, and comes out as json." }
  }
}
$json$, $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "answer of llm",
  "type": "object",
  "required": ["text", "model", "finish_reason", "usage", "simulated"],
  "properties": {
    "text": { "type": "string" },
    "json": { "description": "With response_schema: the answer as a value." },
    "model": { "type": "string", "description": "The model that answered." },
    "finish_reason": { "type": "string", "description": "stop, length, content_filter or what the vendor says else." },
    "usage": {
      "type": "object",
      "properties": {
        "input_tokens": { "type": "integer" },
        "output_tokens": { "type": "integer" },
        "cached_tokens": { "type": "integer" },
        "reasoning_tokens": { "type": "integer" },
        "cost_micros": { "type": "integer" },
        "currency": { "type": "string" },
        "estimated": { "type": "boolean", "description": "The vendor did not say; counted by us." }
      }
    },
    "simulated": { "type": "boolean" }
  }
}
$json$, 'Fallbacks, structured answers and images; says what was used.');
-- migrate:down
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions
where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-000000000306';
alter table agents.skill_versions enable trigger user;
