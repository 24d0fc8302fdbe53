using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>The checks that make every later one safe. What comes through StrictJson has passed them; a JsonElement may come from elsewhere.</summary>
static class DocumentShape
{
    // The readers and the canonical form descend by recursion; a level costs them a few hundred bytes of stack.
    const int MaxDepth = 128;

    /// <summary>The first name or text that is no Unicode, a repeated member, or a nesting that no limit could allow.</summary>
    public static GraphProblem? Fault(JsonElement element) => Fault(element, "", 1);

    /// <summary>Objects and arrays inside each other: 0 for a scalar.</summary>
    public static int Depth(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => 1 + element.EnumerateObject().Select(p => Depth(p.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + element.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    static GraphProblem? Fault(JsonElement element, string pointer, int depth)
    {
        if (depth > MaxDepth)
            return GraphProblem.Error("", GraphProblemCodes.LimitPassed, "Objects and arrays are nested too deeply; at most 32 levels are allowed.");
        return element.ValueKind switch
        {
            JsonValueKind.Object => FaultOfObject(element, pointer, depth),
            JsonValueKind.Array => FaultOfArray(element, pointer, depth),
            JsonValueKind.String when !IsText(element) => NoText(pointer),
            JsonValueKind.Undefined => GraphProblem.Error(pointer, GraphProblemCodes.Missing, "There is no document."),
            _ => null,
        };
    }

    static GraphProblem? FaultOfObject(JsonElement element, string pointer, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (Name(property) is not { } name)
                return NoText(pointer);
            var at = JsonPointer.Append(pointer, name);
            if (!names.Add(name))
                return GraphProblem.Error(at, GraphProblemCodes.DuplicateMember, $"The member '{name}' is there twice; take one out.");
            if (Fault(property.Value, at, depth + 1) is { } fault)
                return fault;
        }

        return null;
    }

    static GraphProblem? FaultOfArray(JsonElement element, string pointer, int depth)
    {
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (Fault(item, JsonPointer.Append(pointer, index++), depth + 1) is { } fault)
                return fault;
        }

        return null;
    }

    static GraphProblem NoText(string pointer) =>
        GraphProblem.Error(pointer, GraphProblemCodes.InvalidText, "A text here holds half of a surrogate pair (\\ud800 to \\udfff), which is no character; take it out.");

    // System.Text.Json offers no test, only the exception.
    static bool IsText(JsonElement element)
    {
        try
        {
            element.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
