namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>The published schema of the <c>with</c> of <c>http_request</c>, for the registry, the visual builder and validation.
/// <see cref="HttpRequestInputReader"/> reads the same shape, after expressions have got their values.</summary>
static class HttpRequestSchema
{
    public const string Json =
        """
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
        """;
}
