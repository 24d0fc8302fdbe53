namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>The shape of a file of vendors.</summary>
static class VendorFileSchema
{
    public const string Json = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "additionalProperties": false,
          "$defs": { "micros": { "type": "integer", "minimum": 0, "maximum": 1000000000000 }, "tokens": { "type": ["integer", "null"], "minimum": 1, "maximum": 2147483647 } },
          "properties": {
            "vendors": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["id", "name", "description", "auth_type", "protocol"],
                "properties": {
                  "id": { "type": "string", "pattern": "^[a-z][a-z0-9_]{1,62}$" },
                  "name": { "type": "string", "minLength": 1, "maxLength": 255 },
                  "description": { "type": "string", "minLength": 1, "maxLength": 1000 },
                  "auth_type": { "enum": ["none", "api_key", "bearer_token", "oauth2"] },
                  "protocol": { "enum": ["openai", "azure_openai", "anthropic", "replicate", "elevenlabs", "stability"] },
                  "base_url": { "type": ["string", "null"], "pattern": "^https?://[^ ?#]+$", "maxLength": 2000 },
                  "settings": { "type": "object" },
                  "is_active": { "type": "boolean" }
                }
              }
            },
            "services": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["id", "service_name", "display_name", "modality"],
                "properties": {
                  "id": { "type": "string", "pattern": "^[a-z][a-z0-9_]{1,62}/[^ ]{1,191}$" },
                  "service_name": { "type": "string", "minLength": 1, "maxLength": 255 },
                  "display_name": { "type": "string", "minLength": 1, "maxLength": 255 },
                  "description": { "type": ["string", "null"], "minLength": 1, "maxLength": 1000 },
                  "modality": { "enum": ["chat", "embedding", "image", "speech", "transcription"] },
                  "context_window": { "$ref": "#/$defs/tokens" },
                  "max_output": { "$ref": "#/$defs/tokens" },
                  "capabilities": { "type": "object" },
                  "is_active": { "type": "boolean" }
                }
              }
            },
            "prices": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["service_id", "valid_from"],
                "properties": {
                  "service_id": { "type": "string" },
                  "valid_from": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", "description": "RFC 3339 in UTC" },
                  "from_prompt_tokens": { "type": "integer", "minimum": 0, "maximum": 2147483647 },
                  "input_micros_per_mtok": { "$ref": "#/$defs/micros" },
                  "output_micros_per_mtok": { "$ref": "#/$defs/micros" },
                  "cached_input_micros_per_mtok": { "$ref": "#/$defs/micros" },
                  "unit_micros": { "$ref": "#/$defs/micros" },
                  "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }
                }
              }
            }
          }
        }
        """;
}
