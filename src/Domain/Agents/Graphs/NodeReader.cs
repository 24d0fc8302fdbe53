using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Reads one entry of <c>nodes</c>.</summary>
static partial class NodeReader
{
    /// <summary>Names that mean something in an expression's scope, or that a reader takes for a value.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["input", "config", "run", "errors", "item", "index", "output", "null", "true", "false"];

    static readonly string[] Members =
        ["id", "skill", "with", "credential", "timeout", "retry", "on_error", "join", "name", "description", "position"];

    static readonly string[] RetryMembers = ["max_attempts", "initial", "factor", "max", "jitter", "on"];

    static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    public static GraphNode Read(JsonElement element, int position, string pointer, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(element, pointer, "A node", Members, problems) is not { } fields)
            return new GraphNode(position, pointer, null, null, NoArguments, null, null, null, OnErrorKind.Fail, null, Join.All);

        fields.Text("name", 1, 255);
        fields.Text("description", 0, 4000);
        CheckPosition(fields, problems);
        var (onError, target) = OnError(fields, problems);
        var skill = Skill(fields);
        var with = fields.Object("with") ?? NoArguments;
        return new GraphNode(
            position,
            pointer,
            Id(fields),
            skill,
            with,
            Credential(fields),
            Duration.Read(fields, "timeout", TimeSpan.FromMilliseconds(1), Duration.Hour),
            Retry(fields, problems),
            onError,
            target,
            fields.OneOf("join", "all", "any") == "any" ? Join.Any : Join.All)
        {
            Body = BodyReader.Read(skill?.Slug, with, fields.At("with"), problems),
            Tools = skill?.Slug == ToolsReader.Llm ? ToolsReader.Read(with, fields.At("with"), problems) : null,
        };
    }

    static string? Id(ObjectFields fields)
    {
        if (!fields.Require("id", "give the node a name, by which edges and expressions can speak of it.") || fields.Text("id", 0, int.MaxValue) is not { } id)
            return null;
        if (!IdText().IsMatch(id))
            fields.Report("id", GraphProblemCodes.InvalidId, "An id has 1 to 63 characters: a-z, 0-9 and underscores, beginning with a letter.");
        else if (Reserved.Contains(id, StringComparer.Ordinal))
            fields.Report("id", GraphProblemCodes.ReservedId, $"'{id}' has a meaning of its own in expressions; give the node another id.");
        else
            return id;
        return null;
    }

    static SkillReference? Skill(ObjectFields fields)
    {
        if (!fields.Require("skill", "name the skill that the node runs.") || fields.Text("skill", 0, int.MaxValue) is not { } text)
            return null;
        if (SkillReference.TryParse(text, out var reference))
            return reference;
        fields.Report("skill", GraphProblemCodes.InvalidSkill, SkillReference.Rule);
        return null;
    }

    // A name, never computed: an expression that could choose the credential could be talked into choosing another one.
    static string? Credential(ObjectFields fields)
    {
        var name = fields.Text("credential", 1, 255);
        if (name is null || !(name.StartsWith('=') || name.Contains("{{", StringComparison.Ordinal)))
            return name;
        fields.Report("credential", GraphProblemCodes.InvalidValue, "A credential is chosen by its plain name; expressions and templates are not allowed here.");
        return null;
    }

    static RetryPolicy? Retry(ObjectFields node, ICollection<GraphProblem> problems)
    {
        if (node.Object("retry") is not { } element || ObjectFields.Read(element, node.At("retry"), "A retry policy", RetryMembers, problems) is not { } fields)
            return null;

        var preset = RetryPolicy.Default;
        var policy = new RetryPolicy(
            fields.Integer("max_attempts", 1, RetryPolicy.AttemptLimit) ?? preset.MaxAttempts,
            Duration.Read(fields, "initial", TimeSpan.Zero, Duration.Hour) ?? preset.Initial,
            (double)(fields.Number("factor", 1, 10) ?? (decimal)preset.Factor),
            Duration.Read(fields, "max", TimeSpan.Zero, Duration.Hour) ?? preset.Max,
            fields.Flag("jitter") ?? preset.Jitter,
            ErrorClasses(fields) ?? preset.On);

        // A long first pause with no stated maximum is meant: the preset must not cut it.
        if (policy.Initial <= policy.Max)
            return policy;
        if (!fields.Has("max"))
            return policy with { Max = policy.Initial };
        fields.Report("max", GraphProblemCodes.InvalidRetry, "'max' must not be shorter than 'initial', the first pause.");
        return policy;
    }

    static List<string>? ErrorClasses(ObjectFields fields)
    {
        if (fields.Array("on") is not { } array)
            return null;

        var classes = new List<string>();
        foreach (var item in array.EnumerateArray())
        {
            // YAML reads a bare 429 as a number.
            var text = item.ValueKind switch
            {
                JsonValueKind.String => item.GetString()!,
                JsonValueKind.Number when item.TryGetInt32(out var status) => status.ToString(),
                _ => "",
            };
            if (RetryPolicy.ErrorClasses.Contains(text, StringComparer.Ordinal))
                classes.Add(text);
            else
                fields.Report("on", GraphProblemCodes.InvalidRetry, $"'on' lists error classes: {string.Join(", ", RetryPolicy.ErrorClasses)}.{DidYouMean.Hint(text, RetryPolicy.ErrorClasses)}");
        }

        return classes;
    }

    static (OnErrorKind, string? Target) OnError(ObjectFields node, ICollection<GraphProblem> problems)
    {
        if (node.Value("on_error") is not { } value)
            return (OnErrorKind.Fail, null);
        if (value.ValueKind == JsonValueKind.Object)
        {
            var fields = ObjectFields.Read(value, node.At("on_error"), "on_error", ["goto"], problems)!;
            return fields.Require("goto", "name the node that takes over.") && fields.Text("goto", 0, int.MaxValue) is { } target
                ? (OnErrorKind.Goto, target)
                : (OnErrorKind.Fail, null);
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is "fail" or "continue")
            return (value.ValueEquals("continue") ? OnErrorKind.Continue : OnErrorKind.Fail, null);
        node.Report("on_error", GraphProblemCodes.InvalidValue, "'on_error' must be \"fail\", \"continue\" or { \"goto\": \"<node>\" }.");
        return (OnErrorKind.Fail, null);
    }

    // Only the builder reads it; checked so that the builder can rely on it.
    static void CheckPosition(ObjectFields node, ICollection<GraphProblem> problems)
    {
        if (node.Object("position") is not { } element || ObjectFields.Read(element, node.At("position"), "A position", ["x", "y"], problems) is not { } fields)
            return;
        foreach (var axis in (string[])["x", "y"])
        {
            if (fields.Require(axis, "a position has an x and a y."))
                fields.Number(axis, -1_000_000, 1_000_000);
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdText();
}
