using System.Buffers;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>The schema of a tool's arguments, as a model is shown it: always of an object, and without what the skill's version has set already.</summary>
static class ToolSchema
{
    static readonly JsonElement Anything = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static JsonElement Of(JsonElement? schema, IReadOnlyCollection<string> preset)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } given)
        {
            return Anything;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (!given.TryGetProperty("type", out _))
            {
                json.WriteString("type", "object");
            }

            if (!given.TryGetProperty("properties", out _))
            {
                // Some vendors refuse an object without it.
                json.WriteStartObject("properties");
                json.WriteEndObject();
            }

            foreach (var member in given.EnumerateObject())
            {
                Write(json, member, preset);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    static void Write(Utf8JsonWriter json, JsonProperty member, IReadOnlyCollection<string> preset)
    {
        switch (member.Name)
        {
            case "$schema" or "$id":
                break;
            case "properties" when member.Value.ValueKind is JsonValueKind.Object:
                json.WriteStartObject(member.Name);
                foreach (var property in member.Value.EnumerateObject().Where(property => !preset.Contains(property.Name)))
                {
                    property.WriteTo(json);
                }

                json.WriteEndObject();
                break;
            case "required" when member.Value.ValueKind is JsonValueKind.Array:
                json.WriteStartArray(member.Name);
                foreach (var name in member.Value.EnumerateArray().Where(name => !preset.Contains(name.GetString()!)))
                {
                    name.WriteTo(json);
                }

                json.WriteEndArray();
                break;
            default:
                member.WriteTo(json);
                break;
        }
    }
}
