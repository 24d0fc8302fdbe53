using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>
/// The smallest value that fits a JSON Schema, for the usual ones: constants, enumerations, types with their bounds, required members, items, local
/// references, the first branch of a choice. For a schema beyond that the value may not fit, and the answer is refused like any other that does not.
/// </summary>
static class SchemaSample
{
    const int MaxDepth = 24;
    const int MaxLength = 10_000;

    public static JsonNode Of(JsonElement schema) => Of(schema, schema, 0) ?? JsonValue.Create("simulated");

    static JsonNode? Of(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return JsonValue.Create("simulated");
        }

        foreach (var keyword in new[] { "const", "default" })
        {
            if (schema.TryGetProperty(keyword, out var given))
            {
                return Node(given);
            }
        }

        if (schema.TryGetProperty("enum", out var values) && values is { ValueKind: JsonValueKind.Array } && values.GetArrayLength() > 0)
        {
            return Node(values[0]);
        }

        if (schema.TryGetProperty("$ref", out var reference) && Resolve(root, reference) is { } target)
        {
            return Of(target, root, depth + 1);
        }

        foreach (var keyword in new[] { "anyOf", "oneOf" })
        {
            if (schema.TryGetProperty(keyword, out var branches) && branches is { ValueKind: JsonValueKind.Array } && branches.GetArrayLength() > 0)
            {
                return Of(branches[0], root, depth + 1);
            }
        }

        return TypeOf(schema) switch
        {
            "object" => Object(schema, root, depth),
            "array" => Array(schema, root, depth),
            "integer" or "number" => Number(schema),
            "boolean" => JsonValue.Create(true),
            "null" => null,
            _ => Text(schema),
        };
    }

    static string? TypeOf(JsonElement schema) => schema.TryGetProperty("type", out var type)
        ? type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0].GetString() : type.ValueKind == JsonValueKind.String ? type.GetString() : null
        : schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : null;

    static JsonObject Object(JsonElement schema, JsonElement root, int depth)
    {
        var made = new JsonObject();
        var known = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object ? properties : default;
        if (known.ValueKind == JsonValueKind.Object)
        {
            // All that are named while it stays flat; deeper only what is required, so that a schema that refers to itself ends.
            var required = Required(schema);
            foreach (var property in known.EnumerateObject().Where(property => depth < 4 || required.Contains(property.Name)))
            {
                made[property.Name] = Of(property.Value, root, depth + 1);
            }
        }

        foreach (var name in Required(schema).Where(name => !made.ContainsKey(name)))
        {
            made[name] = schema.TryGetProperty("additionalProperties", out var more) ? Of(more, root, depth + 1) : JsonValue.Create("simulated");
        }

        return made;
    }

    static HashSet<string> Required(JsonElement schema) => schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
        ? [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
        : [];

    static JsonArray Array(JsonElement schema, JsonElement root, int depth)
    {
        var items = schema.TryGetProperty("items", out var given) ? given : default;
        var count = Math.Min(Bound(schema, "minItems") ?? (depth < 4 ? 1 : 0), Bound(schema, "maxItems") ?? 100);
        var made = new JsonArray();
        for (var i = 0; i < Math.Min(count, 100); i++)
        {
            made.Add(Of(items, root, depth + 1));
        }

        return made;
    }

    static JsonValue Number(JsonElement schema)
    {
        var min = Limit(schema, "minimum") ?? (Limit(schema, "exclusiveMinimum") is { } above ? above + 1 : null);
        var max = Limit(schema, "maximum") ?? (Limit(schema, "exclusiveMaximum") is { } below ? below - 1 : null);
        var value = min ?? (max is < 1 ? max.Value : 1);
        return TypeOf(schema) == "integer" ? JsonValue.Create((long)Math.Ceiling(value)) : JsonValue.Create(value);
    }

    static JsonValue Text(JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        var text = format switch
        {
            "date-time" => "2026-01-01T00:00:00Z",
            "date" => "2026-01-01",
            "time" => "00:00:00Z",
            "email" => "simulated@example.com",
            "uri" or "url" => "https://example.com/simulated",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            _ => "simulated",
        };
        var max = Bound(schema, "maxLength") ?? MaxLength;
        var min = Math.Min(Bound(schema, "minLength") ?? 0, MaxLength);
        return JsonValue.Create(text.Length > max ? text[..max] : text.PadRight(min, '.'));
    }

    static JsonElement? Resolve(JsonElement root, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } text || !text.StartsWith('#'))
        {
            return null;
        }

        var found = root;
        foreach (var part in text.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(Uri.UnescapeDataString(part).Replace("~1", "/").Replace("~0", "~"), out found))
            {
                return null;
            }
        }

        return found;
    }

    static int? Bound(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var bound) && bound >= 0 ? bound : null;

    static double? Limit(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
