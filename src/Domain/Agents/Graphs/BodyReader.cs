using System.Text.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Reads the <c>with</c> of the built-in <c>foreach</c> and <c>loop</c>. What is inside a body is a graph with references of its own, so it is
/// read with the document, before any skill is resolved, and not held against the skill's schema.</summary>
static class BodyReader
{
    public const string Foreach = "foreach";
    public const string Loop = "loop";

    const int MaxItems = 10_000;
    const int MaxConcurrency = 64;
    const int MaxIterations = 1000;
    const int DefaultIterations = 100;

    static readonly string[] ForeachMembers = ["items", "body", "concurrency", "on_item_error"];
    static readonly string[] LoopMembers = ["body", "until", "max_iterations", "initial"];
    static readonly string[] AgentMembers = ["agent", "version", "input"];

    /// <summary>The members that are read here; the others are the node's arguments.</summary>
    public static IReadOnlyList<string> Read(string slug) => slug == Loop ? ["body", "until", "max_iterations"] : ["body"];

    /// <summary>Null for every other skill, and where the body cannot be read.</summary>
    /// <param name="slug">Of the node's skill.</param>
    public static GraphBody? Read(string? slug, JsonElement with, string pointer, List<GraphProblem> problems) => slug switch
    {
        Foreach => ReadForeach(with, pointer, problems),
        Loop => ReadLoop(with, pointer, problems),
        _ => null,
    };

    static GraphBody? ReadForeach(JsonElement with, string pointer, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(with, pointer, "A foreach", ForeachMembers, problems) is not { } fields)
            return null;

        if (fields.Require("items", "give the array whose items the body is run for."))
            CheckItems(fields);
        fields.Integer("concurrency", 1, MaxConcurrency);
        fields.OneOf("on_item_error", "fail", "collect");
        return ReadBody(fields, problems) is { } body ? new GraphBody(body) : null;
    }

    static GraphBody? ReadLoop(JsonElement with, string pointer, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(with, pointer, "A loop", LoopMembers, problems) is not { } fields)
            return null;

        var iterations = fields.Integer("max_iterations", 1, MaxIterations) ?? DefaultIterations;
        var until = fields.Text("until", 1, int.MaxValue) is { } text ? GraphDocument.ConditionText(text) : null;
        return ReadBody(fields, problems) is { } body ? new GraphBody(body, until, iterations) : null;
    }

    // A template gives a text, which is never an array.
    static void CheckItems(ObjectFields fields)
    {
        var items = fields.Value("items")!.Value;
        if (items.ValueKind == JsonValueKind.Array)
        {
            if (items.GetArrayLength() > MaxItems)
                fields.Report("items", GraphProblemCodes.LimitPassed, $"A foreach has at most {MaxItems} items; this has {items.GetArrayLength()}.");
        }
        else if (!(items.ValueKind == JsonValueKind.String && items.GetString()! is ['=', ..] text && ComputedText.Is(text)))
        {
            fields.Report("items", GraphProblemCodes.InvalidType, $"'items' must be an array, or an expression that gives one (\"=input.list\"); this is {ObjectFields.Kind(items)}.");
        }
    }

    static GraphDocument? ReadBody(ObjectFields owner, List<GraphProblem> problems)
    {
        if (!owner.Require("body", "give the graph, or the agent, that is run again and again.") || owner.Object("body") is not { } body)
            return null;

        var pointer = owner.At("body");
        if (!body.TryGetProperty("agent", out _))
            return GraphDocument.Read(body, pointer, problems);
        if (ObjectFields.Read(body, pointer, "A body that is an agent", AgentMembers, problems) is null)
            return null;

        var with = body.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        with.TryAdd("input", JsonSerializer.SerializeToElement("=item"));
        return GraphDocument.OfAgent(body, JsonSerializer.SerializeToElement(with), pointer);
    }
}
