using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Domain.Integrations.OpenApi;

/// <summary>Schemas of an OpenAPI document as JSON Schemas that stand alone: references are put in place, what is OpenAPI's own is taken out.</summary>
sealed class OpenApiSchemas(JsonElement document, bool isVersion30)
{
    const int MaxDepth = 20;

    /// <summary>What references in place can grow to, for one operation and for all: a document of a few kilobytes could otherwise mean gigabytes.</summary>
    const int MaxNodes = 2_000;
    const int MaxNodesInAll = 200_000;

    /// <summary>Values that are copied as they are count by their length.</summary>
    const int CharactersOfANode = 64;

    static readonly string[] Dropped = ["example", "examples", "xml", "discriminator", "externalDocs", "deprecated", "$id", "$anchor", "$dynamicAnchor", "$schema", "$comment"];

    readonly HashSet<string> open = [];
    int nodes;
    int nodesInAll;

    /// <summary>The next operation has its own share.</summary>
    public void Begin() => nodes = 0;

    /// <summary>What a reference inside the document leads to; itself when it is none; undefined when it leads nowhere or outside.</summary>
    public JsonElement Resolve(JsonElement value)
    {
        for (var hops = 0; value.ValueKind is JsonValueKind.Object && value.TryGetProperty("$ref", out var reference); hops++)
        {
            if (hops == 10 || reference.ValueKind is not JsonValueKind.String || !TryFollow(reference.GetString()!, out value))
            {
                return default;
            }
        }

        return value;
    }

    public JsonNode Convert(JsonElement schema) => Convert(schema, 0);

    JsonNode Convert(JsonElement schema, int depth)
    {
        // A circle, a bottomless nest and a flood become "anything": the API itself still judges what it is sent.
        if (schema.ValueKind is not JsonValueKind.Object || depth > MaxDepth || !Count(1))
        {
            return schema.ValueKind is JsonValueKind.False ? JsonValue.Create(false) : new JsonObject();
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            var target = reference.ValueKind is JsonValueKind.String ? reference.GetString()! : "";
            if (!open.Add(target))
            {
                return new JsonObject();
            }

            var converted = TryFollow(target, out var found) ? Convert(found, depth + 1) : new JsonObject();
            open.Remove(target);
            return converted;
        }

        var result = new JsonObject();
        foreach (var member in schema.EnumerateObject())
        {
            Add(result, member, schema, depth);
        }

        return result;
    }

    void Add(JsonObject result, JsonProperty member, JsonElement schema, int depth)
    {
        if (Dropped.Contains(member.Name) || member.Name.StartsWith("x-", StringComparison.Ordinal))
        {
            return;
        }

        switch (member.Name)
        {
            case "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas" when member.Value.ValueKind is JsonValueKind.Object:
                result[member.Name] = new JsonObject(member.Value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Convert(p.Value, depth + 1))));
                break;
            case "allOf" or "anyOf" or "oneOf" or "prefixItems" when member.Value.ValueKind is JsonValueKind.Array:
                result[member.Name] = new JsonArray([.. member.Value.EnumerateArray().Select(item => Convert(item, depth + 1))]);
                break;
            case "items" or "not" or "additionalProperties" or "contains" or "propertyNames" or "if" or "then" or "else" when member.Value.ValueKind is JsonValueKind.Object:
                result[member.Name] = Convert(member.Value, depth + 1);
                break;
            case "nullable" when isVersion30:
                break;
            case "type" when isVersion30 && member.Value.ValueKind is JsonValueKind.String && IsTrue(schema, "nullable"):
                result["type"] = new JsonArray(member.Value.GetString(), "null");
                break;
            case "exclusiveMinimum" or "exclusiveMaximum" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                var bound = member.Name == "exclusiveMinimum" ? "minimum" : "maximum";
                if (member.Value.ValueKind is JsonValueKind.True && schema.TryGetProperty(bound, out var limit))
                {
                    result[member.Name] = JsonNode.Parse(limit.GetRawText());
                }

                break;
            default:
                var text = member.Value.GetRawText();
                if (Count(1 + (text.Length / CharactersOfANode)))
                {
                    result[member.Name] = JsonNode.Parse(text);
                }

                break;
        }
    }

    bool Count(int more)
    {
        nodes += more;
        nodesInAll += more;
        return nodes <= MaxNodes && nodesInAll <= MaxNodesInAll;
    }

    /// <summary>Inside the document only: a reference to elsewhere would let the document choose what this server fetches.</summary>
    bool TryFollow(string reference, out JsonElement found)
    {
        found = default;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return false;
        }

        var at = document;
        foreach (var part in reference[2..].Split('/').Select(part => Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(part, out at))
            {
                return false;
            }
        }

        found = at;
        return true;
    }

    static bool IsTrue(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;
}
