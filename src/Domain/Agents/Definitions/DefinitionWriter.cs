using System.Text.Json;

namespace AgentPlatform.Domain.Agents.Definitions;

/// <summary>Writes a definition in its full form: always the same order, and nothing that says no more than its absence would.</summary>
public static class DefinitionWriter
{
    public static JsonElement Write(AgentDefinition definition)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteAgent(json, definition);
            WriteVersion(json, definition);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.ToArray());
    }

    static void WriteAgent(Utf8JsonWriter json, AgentDefinition definition)
    {
        var fields = definition.Fields;
        json.WriteString("slug", definition.Slug);
        Text(json, "name", fields.Name);
        Text(json, "description", fields.Description);
        json.WriteString("kind", definition.Kind);
        Text(json, "category", fields.Category);
        Text(json, "icon", fields.Icon);
        List(json, "tags", fields.Tags);
        List(json, "capabilities", fields.Capabilities);
        List(json, "features", fields.Features);
        if (fields.IsPublic)
            json.WriteBoolean("is_public", true);
        if (fields.MemoryEnabled)
            json.WriteBoolean("memory_enabled", true);
        Members(json, "limits", fields.Limits);
        Members(json, "metadata", fields.Metadata);
    }

    static void WriteVersion(Utf8JsonWriter json, AgentDefinition definition)
    {
        Text(json, "semantic_version", definition.SemanticVersion);
        Text(json, "changelog", definition.Changelog);
        Value(json, "model", definition.Model);
        Text(json, "system_prompt", definition.SystemPrompt);
        Members(json, "default_params", definition.DefaultParams);
        Value(json, "input_schema", definition.InputSchema);
        Value(json, "output_schema", definition.OutputSchema);
        Value(json, "graph", definition.Graph);
        if (definition.Skills.Count == 0)
            return;

        json.WriteStartArray("skills");
        foreach (var binding in definition.Skills)
        {
            json.WriteStartObject();
            json.WriteString("slug", binding.Slug);
            WriteSettings(json, binding.Settings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteSettings(Utf8JsonWriter json, ToolSettings settings)
    {
        json.WriteNumber("priority", settings.Priority);
        json.WriteBoolean("enabled", settings.Enabled);
        if (settings.Approval != ToolSettings.Never)
            json.WriteString("approval", settings.Approval);
        if (settings.TimeoutMs is { } timeout)
            json.WriteNumber("timeout_ms", timeout);
        if (settings.MaxCalls is { } calls)
            json.WriteNumber("max_calls", calls);
        Text(json, "credential", settings.Credential);
        Text(json, "assignee", settings.Assignee);
        Text(json, "team", settings.Team);
    }

    static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }

    // An empty object is the default of limits, metadata and parameters.
    static void Members(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Object } given && given.GetPropertyCount() > 0)
            Value(json, name, value);
    }

    static void Value(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return;
        json.WritePropertyName(name);
        given.WriteTo(json);
    }
}
