using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Holds the literal parts of a <c>with</c> against the skill's input schema. What expressions and templates will compute is unknown,
/// so only what is wrong whatever they compute is reported: a graph that could work is never refused.</summary>
static class LiteralCheck
{
    // These judge a value by all that is inside it, so that one computed part leaves the answer open.
    static readonly string[] JudgeTheInside =
        ["anyOf", "oneOf", "not", "enum", "const", "contains", "minContains", "maxContains", "uniqueItems", "unevaluatedProperties", "unevaluatedItems"];

    public static void Run(JsonElement written, ResolvedSkill skill, CompiledSchema schema, string pointer, ICollection<GraphProblem> problems)
    {
        var with = OverPreset(written, skill.Spec);
        string[] computed = [.. ComputedText.In(with, "").Select(c => c.Pointer)];
        var found = schema.Validate(Stand(with, computedAsNull: false));
        // A condition (if, dependentSchemas) may go one way for a text and the other for a null: what stays in both does not hang on it.
        var always = computed.Length == 0 || found.Count == 0 ? null : schema.Validate(Stand(with, computedAsNull: true)).Select(Key).ToHashSet();
        foreach (var problem in found.Where(p => always is null || (always.Contains(Key(p)) && IsCertain(p, computed))))
            problems.Add(GraphProblem.Error(pointer + problem.InstancePointer, GraphProblemCodes.WithInvalid, $"The skill does not take this: {problem.Message}"));
    }

    static (string, string, string) Key(SchemaProblem problem) => (problem.InstancePointer, problem.SchemaPointer, problem.Keyword);

    static bool IsCertain(SchemaProblem problem, string[] computed)
    {
        // A member that must not be there is wrong by its name.
        if (problem.Keyword == "additionalProperties" || problem.SchemaPointer.Contains("/propertyNames/", StringComparison.Ordinal))
            return true;
        if (problem.SchemaPointer.Contains("/then/", StringComparison.Ordinal) || problem.SchemaPointer.Contains("/else/", StringComparison.Ordinal))
            return false;

        var place = problem.InstancePointer;
        return !Array.Exists(computed, c => c == place)
            && !(JudgeTheInside.Contains(problem.Keyword, StringComparer.Ordinal) && Array.Exists(computed, c => c.StartsWith(place + "/", StringComparison.Ordinal)));
    }

    /// <summary>A tenant's own skill may preset arguments; the schema judges what the runner gets, both together.</summary>
    static JsonElement OverPreset(JsonElement with, JsonElement spec)
    {
        if (spec.ValueKind != JsonValueKind.Object || !spec.TryGetProperty("with", out var preset) || preset.ValueKind != JsonValueKind.Object)
            return with;

        var merged = preset.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        foreach (var member in with.EnumerateObject())
            merged[member.Name] = member.Value;
        return JsonSerializer.SerializeToElement(merged);
    }

    /// <summary>The value as a run would see it, with <c>==…</c> as the text that it means, and something in the place of what is computed.</summary>
    static JsonElement Stand(JsonElement with, bool computedAsNull)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, with, computedAsNull);
        return JsonElement.Parse(buffer.ToArray());
    }

    static void Write(Utf8JsonWriter writer, JsonElement value, bool computedAsNull)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, computedAsNull);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, computedAsNull);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteText(writer, value.GetString()!, computedAsNull);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    static void WriteText(Utf8JsonWriter writer, string text, bool computedAsNull)
    {
        if (computedAsNull && ComputedText.Is(text))
            writer.WriteNullValue();
        else
            writer.WriteStringValue(ComputedText.Plain(text));
    }
}
