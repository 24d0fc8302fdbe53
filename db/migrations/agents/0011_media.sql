-- The skills speech and image.
-- migrate:up
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skills (tenant_id, id, slug, name, description, type, category) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000000d0', 'speech', 'Speech', 'Says a text aloud.', 'builtin', 'computation'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000000d1', 'image', 'Image', 'Makes a picture of what a text says.', 'builtin', 'computation');

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, input_schema, output_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000001d0', '01900000-0000-7000-8000-0000000000d0', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "speech",
  "type": "object",
  "additionalProperties": false,
  "required": ["text"],
  "properties": {
    "text": { "type": "string", "minLength": 1, "maxLength": 40000, "description": "What is said. Services take less or more at once; the sound has at most 2 MiB." },
    "model": { "type": "string", "minLength": 1, "maxLength": 255, "description": "vendor/service, one for speech; sandbox/speech when missing." },
    "voice": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$", "description": "The vendor's id of a voice; the vendor's default when missing." },
    "language": { "type": "string", "pattern": "^[a-z]{2}$", "description": "ISO 639-1; as the text sounds when missing." },
    "speed": { "type": "number", "minimum": 0.7, "maximum": 1.2 },
    "format": { "enum": ["mp3", "opus", "wav"], "default": "mp3" },
    "bit_rate": { "enum": [32, 64, 96, 128, 192], "default": 64, "description": "Of mp3 and opus, in kbit/s. At 64 about four minutes fit into 2 MiB." },
    "seed": { "type": "integer", "minimum": 0, "maximum": 4294967294 }
  }
}
$json$, $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "sound of speech",
  "type": "object",
  "required": ["audio", "bytes", "model", "usage", "simulated"],
  "properties": {
    "audio": {
      "type": "object",
      "required": ["base64", "media_type"],
      "properties": {
        "base64": { "type": "string" },
        "media_type": { "enum": ["audio/mpeg", "audio/ogg", "audio/wav"], "description": "What it is, whatever was asked for." }
      }
    },
    "bytes": { "type": "integer" },
    "model": { "type": "string" },
    "usage": { "type": "object", "description": "As that of llm; units are characters." },
    "simulated": { "type": "boolean" }
  }
}
$json$, 'First version.'),
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000001d1', '01900000-0000-7000-8000-0000000000d1', '1.0.0', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "image",
  "type": "object",
  "additionalProperties": false,
  "required": ["prompt"],
  "properties": {
    "prompt": { "type": "string", "minLength": 1, "maxLength": 32000 },
    "negative_prompt": { "type": "string", "minLength": 1, "maxLength": 10000, "description": "What is not to be seen, where the service knows such a thing." },
    "model": { "type": "string", "minLength": 1, "maxLength": 255, "description": "vendor/service, one for images; sandbox/image when missing." },
    "aspect_ratio": { "enum": ["1:1", "2:3", "3:2", "4:5", "5:4", "9:16", "16:9", "9:21", "21:9"], "default": "1:1", "description": "A service that knows fewer takes the nearest." },
    "format": { "enum": ["jpeg", "png", "webp"], "default": "jpeg", "description": "The image has at most 2 MiB, which a PNG may pass." },
    "style": { "type": "string", "pattern": "^[a-z0-9-]{1,64}$", "description": "One of the vendor's own, where it has some." },
    "seed": { "type": "integer", "minimum": 0, "maximum": 4294967294, "description": "The same seed makes nearly the same, where the service knows such a thing." }
  }
}
$json$, $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "picture of image",
  "type": "object",
  "required": ["image", "bytes", "model", "usage", "simulated"],
  "properties": {
    "image": {
      "type": "object",
      "description": "As llm takes it among its images.",
      "required": ["base64", "media_type"],
      "properties": {
        "base64": { "type": "string" },
        "media_type": { "enum": ["image/jpeg", "image/png", "image/webp"], "description": "What it is, whatever was asked for." }
      }
    },
    "bytes": { "type": "integer" },
    "model": { "type": "string" },
    "usage": { "type": "object", "description": "As that of llm; units are images." },
    "simulated": { "type": "boolean" }
  }
}
$json$, 'First version.');
-- migrate:down
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions
where tenant_id = '00000000-0000-0000-0000-000000000000' and id in ('01900000-0000-7000-8000-0000000001d0', '01900000-0000-7000-8000-0000000001d1');
alter table agents.skill_versions enable trigger user;
delete from agents.skills
where tenant_id = '00000000-0000-0000-0000-000000000000' and id in ('01900000-0000-7000-8000-0000000000d0', '01900000-0000-7000-8000-0000000000d1');
