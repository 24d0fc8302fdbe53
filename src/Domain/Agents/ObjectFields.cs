using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents;

/// <summary>The members of one JSON object that a document's reader knows by name. Whatever is wrong with them is reported, never thrown;
/// a getter then answers null, so that reading goes on and finds the rest.</summary>
sealed class ObjectFields
{
    readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    readonly ICollection<GraphProblem> problems;

    ObjectFields(string pointer, ICollection<GraphProblem> problems)
    {
        Pointer = pointer;
        this.problems = problems;
    }

    public string Pointer { get; }

    /// <summary>Null when the element is no object, which is then reported with <paramref name="what"/> ("A node").</summary>
    public static ObjectFields? Read(
        JsonElement element, string pointer, string what, IReadOnlyList<string> known, ICollection<GraphProblem> problems, bool nullIsAbsent = false)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.InvalidType, $"{what} must be an object with the members {string.Join(", ", known)}; this is {Kind(element)}."));
            return null;
        }

        var fields = new ObjectFields(pointer, problems);
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
                fields.Report(property.Name, GraphProblemCodes.UnknownMember, $"{what} has no member '{property.Name}'; take it out.{DidYouMean.Hint(property.Name, known, problems.Count)}");
            else if (!nullIsAbsent || property.Value.ValueKind != JsonValueKind.Null)
                fields.members[property.Name] = property.Value;
        }

        return fields;
    }

    public bool Has(string name) => members.ContainsKey(name);

    public string At(string name) => JsonPointer.Append(Pointer, name);

    public JsonElement? Value(string name) => members.TryGetValue(name, out var value) ? value : null;

    public void Report(string name, string code, string message) => problems.Add(GraphProblem.Error(At(name), code, message));

    /// <summary>Reports a member that must be there and is not; the pointer names the object that lacks it.</summary>
    public bool Require(string name, string why)
    {
        if (Has(name))
            return true;
        problems.Add(GraphProblem.Error(Pointer, GraphProblemCodes.Missing, $"'{name}' is missing: {why}"));
        return false;
    }

    public string? Text(string name, int min, int max)
    {
        if (Of(name, "a text", JsonValueKind.String) is not { } value)
            return null;
        var text = value.GetString()!;
        // Characters as PostgreSQL counts them (code points), because its checks have the last word.
        var length = text.Length - text.Count(char.IsLowSurrogate);
        if (length >= min && length <= max)
            return text;
        Report(name, GraphProblemCodes.InvalidValue, min > 0 ? $"'{name}' must have {min} to {max} characters; it has {length}." : $"'{name}' must have at most {max} characters; it has {length}.");
        return null;
    }

    public string? OneOf(string name, params IReadOnlyList<string> allowed)
    {
        if (Of(name, "a text", JsonValueKind.String) is not { } value)
            return null;
        var text = value.GetString()!;
        if (allowed.Contains(text, StringComparer.Ordinal))
            return text;
        Report(name, GraphProblemCodes.InvalidValue, $"'{name}' must be {Join(allowed)}.{DidYouMean.Hint(text, allowed)}");
        return null;
    }

    public bool? Flag(string name) => Of(name, "true or false", JsonValueKind.True, JsonValueKind.False)?.GetBoolean();

    public decimal? Number(string name, decimal min, decimal max)
    {
        if (Of(name, "a number", JsonValueKind.Number) is not { } value)
            return null;
        if (value.TryGetDecimal(out var number) && number >= min && number <= max)
            return number;
        Report(name, GraphProblemCodes.InvalidValue, $"'{name}' must be a number from {min} to {max}.");
        return null;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Of(name, "a whole number", JsonValueKind.Number) is not { } value)
            return null;
        // 3.0 is the whole number 3, as JSON Schema sees it.
        if (value.TryGetDecimal(out var number) && decimal.IsInteger(number) && number >= min && number <= max)
            return (int)number;
        Report(name, GraphProblemCodes.InvalidValue, $"'{name}' must be a whole number from {min} to {max}.");
        return null;
    }

    public JsonElement? Object(string name) => Of(name, "an object", JsonValueKind.Object);

    public JsonElement? Array(string name) => Of(name, "an array", JsonValueKind.Array);

    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

    JsonElement? Of(string name, string what, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!members.TryGetValue(name, out var value))
            return null;
        if (kinds.Contains(value.ValueKind))
            return value;
        Report(name, GraphProblemCodes.InvalidType, $"'{name}' must be {what}; this is {Kind(value)}.");
        return null;
    }

    static string Join(IReadOnlyList<string> allowed) => string.Join(" or ", allowed.Select(a => $"'{a}'"));
}
