using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Definitions;

/// <summary>
/// What a version does, as one number: SHA-256 over the canonical JSON of its content and nothing else, so that a definition that was exported
/// and imported again has the same hash, whatever it is called and however YAML or the database wrote it in between.
/// </summary>
public static class ContentHash
{
    /// <summary>64 lower-case hexadecimal characters. What is not given may be null, a JSON null, or (of parameters) an empty object: all the same.</summary>
    public static string Of(JsonElement graph, JsonElement? model, string? systemPrompt, JsonElement? defaultParams, JsonElement? inputSchema, JsonElement? outputSchema)
    {
        var content = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["graph"] = graph };
        Add("model", model);
        Add("system_prompt", systemPrompt is null ? null : JsonSerializer.SerializeToElement(systemPrompt));
        Add("default_params", defaultParams is { ValueKind: JsonValueKind.Object } given && given.GetPropertyCount() == 0 ? null : defaultParams);
        Add("input_schema", inputSchema);
        Add("output_schema", outputSchema);
        return CanonicalJson.Sha256Hex(JsonSerializer.SerializeToElement(content));

        void Add(string name, JsonElement? value)
        {
            if (value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } present)
                content[name] = present;
        }
    }

    public static string Of(AgentDefinition definition) => Of(
        definition.Graph, definition.Model, definition.SystemPrompt, definition.DefaultParams, definition.InputSchema, definition.OutputSchema);
}
