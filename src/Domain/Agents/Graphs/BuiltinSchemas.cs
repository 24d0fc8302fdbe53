using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What the built-in skills take as <c>with</c>, as JSON Schema 2020-12. The registry's own rows carry the same text; a row without a
/// schema is checked by these all the same.</summary>
public static class BuiltinSchemas
{
    public const string Switch = """
        {
          "type": "object",
          "properties": {
            "cases": {
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "object",
                "properties": {
                  "name": { "type": "string", "minLength": 1, "maxLength": 255 },
                  "when": { "type": "string", "minLength": 1, "maxLength": 4097 }
                },
                "required": ["name", "when"],
                "additionalProperties": false
              }
            },
            "default": { "type": "string", "minLength": 1, "maxLength": 255 }
          },
          "required": ["cases"],
          "additionalProperties": false
        }
        """;

    public const string Merge = """
        {
          "type": "object",
          "properties": {
            "values": { "type": "array" },
            "mode": { "enum": ["object", "array", "first"] }
          },
          "required": ["values"],
          "additionalProperties": false
        }
        """;

    public const string Fail = """
        {
          "type": "object",
          "properties": {
            "code": { "type": "string", "minLength": 1, "maxLength": 64 },
            "message": { "type": "string", "minLength": 1 },
            "detail": true
          },
          "required": ["message"],
          "additionalProperties": false
        }
        """;

    static readonly CompiledSchema MergeSchema = Compile(Merge);
    static readonly CompiledSchema FailSchema = Compile(Fail);

    internal static CompiledSchema? Of(ResolvedSkill? skill) => skill switch
    {
        { Type: SkillType.Builtin, Slug: "merge" } => MergeSchema,
        { Type: SkillType.Builtin, Slug: "fail" } => FailSchema,
        _ => null,
    };

    static CompiledSchema Compile(string json) => CompiledSchema.TryCompile(JsonElement.Parse(json), out var schema, out var problems)
        ? schema!
        : throw new InvalidOperationException($"A built-in schema does not compile: {problems[0]}");
}
