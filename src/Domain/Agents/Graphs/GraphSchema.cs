namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>The shape of a graph as JSON Schema, for editors and the visual builder. What it cannot say (names that must exist, order, expressions)
/// <see cref="GraphCompiler"/> checks; whatever that accepts is valid here.</summary>
public static class GraphSchema
{
    public const string Json = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Agent graph",
          "description": "The one description of an agent's behaviour: nodes that run skills, edges that order them, and an output.",
          "$ref": "#/$defs/graph",
          "$defs": {
            "graph": {
              "type": "object",
              "required": ["nodes"],
              "additionalProperties": false,
              "properties": {
                "nodes": { "type": "array", "minItems": 1, "maxItems": 500, "items": { "$ref": "#/$defs/node" } },
                "edges": { "type": "array", "maxItems": 1000, "items": { "$ref": "#/$defs/edge" } },
                "output": { "description": "A text that starts with = is an expression, one with {{ }} a template. Missing: the output of the last node, or of all last nodes by id." },
                "layout": { "$ref": "#/$defs/layout" }
              }
            },
            "layout": {
              "type": "object",
              "description": "How the graph is shown, and nothing that it does.",
              "additionalProperties": false,
              "properties": {
                "frames": {
                  "type": "array",
                  "maxItems": 100,
                  "items": {
                    "type": "object",
                    "required": ["nodes"],
                    "additionalProperties": false,
                    "properties": {
                      "title": { "type": "string", "maxLength": 255 },
                      "nodes": { "type": "array", "maxItems": 500, "items": { "type": "string", "minLength": 1, "maxLength": 63 }, "description": "What the frame is around, by id." }
                    }
                  }
                }
              }
            },
            "body": {
              "description": "What a foreach or a loop runs again and again: a graph, or an agent.",
              "if": { "type": "object", "required": ["agent"] },
              "then": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "agent": { "type": "string", "minLength": 1, "maxLength": 63, "not": { "pattern": "^=|\\{\\{" } },
                  "version": { "type": "string", "minLength": 1, "maxLength": 128, "not": { "pattern": "^=|\\{\\{" } },
                  "input": { "description": "The child run's input; the item when missing." }
                }
              },
              "else": { "$ref": "#/$defs/graph" }
            },
            "foreach": {
              "type": "object",
              "required": ["items", "body"],
              "additionalProperties": false,
              "properties": {
                "items": { "anyOf": [{ "type": "array", "maxItems": 10000 }, { "type": "string", "pattern": "^=" }], "description": "The array, or an expression that gives it." },
                "body": { "$ref": "#/$defs/body" },
                "concurrency": { "type": "integer", "minimum": 1, "maximum": 64, "default": 8 },
                "on_item_error": { "enum": ["fail", "collect"], "default": "fail" }
              }
            },
            "loop": {
              "type": "object",
              "required": ["body"],
              "additionalProperties": false,
              "properties": {
                "body": { "$ref": "#/$defs/body" },
                "until": { "$ref": "#/$defs/condition" },
                "max_iterations": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 },
                "initial": { "description": "The first round's item." }
              }
            },
            "id": {
              "type": "string",
              "pattern": "^[a-z][a-z0-9_]{0,62}$",
              "not": { "enum": ["input", "config", "run", "errors", "item", "index", "output", "null", "true", "false"] }
            },
            "condition": { "type": "string", "minLength": 1, "maxLength": 4097, "description": "An expression, with or without a leading =." },
            "pause": {
              "description": "A time like 200ms, 10s, 2m or 1h (at most 1h), or a whole number of milliseconds.",
              "anyOf": [
                { "type": "string", "pattern": "^[0-9]{1,9}(\\.[0-9]{1,3})?(ms|s|m|h|d)$" },
                { "type": "integer", "minimum": 0, "maximum": 3600000 }
              ]
            },
            "node": {
              "type": "object",
              "required": ["id", "skill"],
              "additionalProperties": false,
              "allOf": [
                {
                  "if": { "properties": { "skill": { "type": "string", "pattern": "^foreach(@|$)" } }, "required": ["skill"] },
                  "then": { "required": ["with"], "properties": { "with": { "$ref": "#/$defs/foreach" } } }
                },
                {
                  "if": { "properties": { "skill": { "type": "string", "pattern": "^loop(@|$)" } }, "required": ["skill"] },
                  "then": { "required": ["with"], "properties": { "with": { "$ref": "#/$defs/loop" } } }
                }
              ],
              "properties": {
                "id": { "$ref": "#/$defs/id" },
                "skill": {
                  "type": "string",
                  "description": "A skill of the registry: slug, slug@1, slug@1.2 or slug@1.2.0.",
                  "pattern": "^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(@(0|[1-9][0-9]{0,8})(\\.(0|[1-9][0-9]{0,8})(\\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?)?)?)?$"
                },
                "with": { "type": "object", "description": "The skill's arguments. A text that starts with = is an expression, one with {{ }} a template, == begins a plain text with =." },
                "credential": { "type": "string", "minLength": 1, "maxLength": 255, "not": { "pattern": "^=|\\{\\{" }, "description": "A credential by its name; the skill applies it." },
                "timeout": { "$ref": "#/$defs/pause", "not": { "const": 0 }, "description": "Of one attempt." },
                "retry": { "$ref": "#/$defs/retry" },
                "on_error": {
                  "description": "fail: the run fails. continue: go on with a null output. goto: another node takes over.",
                  "anyOf": [
                    { "enum": ["fail", "continue"] },
                    { "type": "object", "required": ["goto"], "additionalProperties": false, "properties": { "goto": { "$ref": "#/$defs/id" } } }
                  ]
                },
                "join": { "enum": ["all", "any"], "description": "all: run when every edge into the node is settled and one is live. any: run on the first live one." },
                "name": { "type": "string", "minLength": 1, "maxLength": 255 },
                "description": { "type": "string", "maxLength": 4000 },
                "position": {
                  "type": "object",
                  "required": ["x", "y"],
                  "additionalProperties": false,
                  "properties": {
                    "x": { "type": "number", "minimum": -1000000, "maximum": 1000000 },
                    "y": { "type": "number", "minimum": -1000000, "maximum": 1000000 }
                  }
                }
              }
            },
            "retry": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "max_attempts": { "type": "integer", "minimum": 1, "maximum": 20, "default": 3, "description": "The first attempt counts." },
                "initial": { "$ref": "#/$defs/pause", "default": "500ms", "description": "Before the second attempt." },
                "factor": { "type": "number", "minimum": 1, "maximum": 10, "default": 2 },
                "max": { "$ref": "#/$defs/pause", "default": "30s" },
                "jitter": { "type": "boolean", "default": true },
                "on": {
                  "type": "array",
                  "default": ["timeout", "network", "429", "5xx"],
                  "items": { "enum": ["timeout", "network", "429", 429, "4xx", "5xx", "invalid_response", "any"] }
                }
              }
            },
            "edge": {
              "type": "object",
              "required": ["from", "to"],
              "additionalProperties": false,
              "properties": {
                "from": { "$ref": "#/$defs/id" },
                "to": { "$ref": "#/$defs/id" },
                "when": { "$ref": "#/$defs/condition" },
                "case": { "type": "string", "minLength": 1, "maxLength": 63, "description": "From a switch: live when this case won." }
              }
            }
          }
        }
        """;
}
