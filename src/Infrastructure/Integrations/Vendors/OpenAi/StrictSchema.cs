using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>
/// Whether a schema is of the kind that vendors can hold an answer to by force: every object closed, every member required, nothing optional. They refuse
/// the question when strictness is asked of another, so for those it is not asked, and the answer is only checked.
/// </summary>
static class StrictSchema
{
    static readonly HashSet<string> Known =
    [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs", "definitions", "description", "title", "$schema",
    ];

    public static bool Is(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueEquals("object") && Holds(schema);

    static bool Holds(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.EnumerateObject().Any(member => !Known.Contains(member.Name)))
        {
            return false;
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet() : [];
            if (!IsClosed(schema) || properties.ValueKind != JsonValueKind.Object || properties.EnumerateObject().Any(property => !required.Contains(property.Name) || !Holds(property.Value)))
            {
                return false;
            }
        }
        else if (schema.TryGetProperty("type", out var type) && type.ToString().Contains("object", StringComparison.Ordinal))
        {
            return false;
        }

        return (!schema.TryGetProperty("items", out var items) || Holds(items))
            && (!schema.TryGetProperty("anyOf", out var branches) || (branches.ValueKind == JsonValueKind.Array && branches.EnumerateArray().All(Holds)))
            && Definitions(schema, "$defs") && Definitions(schema, "definitions");
    }

    static bool IsClosed(JsonElement schema) => schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;

    static bool Definitions(JsonElement schema, string name) =>
        !schema.TryGetProperty(name, out var definitions) || (definitions.ValueKind == JsonValueKind.Object && definitions.EnumerateObject().All(definition => Holds(definition.Value)));
}
