-- The platform's skill `send_email` (integrations/0009): one message by the SMTP server of a credential.
-- migrate:up
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into agents.skills (tenant_id, id, slug, name, description, type, category) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000000e8', 'send_email', 'Send e-mail', 'Sends one e-mail by the mail server of a credential of the integration smtp.', 'builtin', 'integration');

insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, spec, input_schema, changelog) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-0000000001e8', '01900000-0000-7000-8000-0000000000e8', '1.0.0', '{"integration": "smtp"}', $json$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "send_email",
  "description": "Gives message_id, which is the same for every attempt of the step, the addresses that were accepted, and what the server said.",
  "type": "object",
  "additionalProperties": false,
  "required": ["to"],
  "properties": {
    "to": { "type": ["string", "array"], "items": { "type": "string", "maxLength": 320 }, "maxItems": 100, "description": "ann@example.com or Ann <ann@example.com>; one or several." },
    "cc": { "type": ["string", "array"], "items": { "type": "string", "maxLength": 320 }, "maxItems": 100 },
    "bcc": { "type": ["string", "array"], "items": { "type": "string", "maxLength": 320 }, "maxItems": 100, "description": "Get it too, and nobody sees it." },
    "from": { "type": "string", "maxLength": 320, "description": "By default the sender that the credential names." },
    "reply_to": { "type": ["string", "array"], "items": { "type": "string", "maxLength": 320 }, "maxItems": 100 },
    "subject": { "type": "string", "maxLength": 900 },
    "text": { "type": "string", "description": "As plain text; text, html or both." },
    "html": { "type": "string", "description": "As a page." },
    "attachments": {
      "type": "array",
      "maxItems": 10,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "content"],
        "properties": {
          "name": { "type": "string", "minLength": 1, "maxLength": 255 },
          "content": { "type": "string", "description": "In base64." },
          "content_type": { "type": "string", "maxLength": 200, "default": "application/octet-stream" }
        }
      }
    }
  }
}
$json$, 'First version.');
-- migrate:down
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions where tenant_id = '00000000-0000-0000-0000-000000000000' and skill_id = '01900000-0000-7000-8000-0000000000e8';
alter table agents.skill_versions enable trigger user;
delete from agents.skills where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-0000000000e8';
