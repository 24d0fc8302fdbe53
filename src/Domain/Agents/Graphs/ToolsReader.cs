using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A tool as a node writes it.</summary>
/// <param name="Pointer">Of the text that names it.</param>
/// <param name="Skill">The skill, or the platform's <c>agent</c>.</param>
sealed record WrittenTool(string Pointer, SkillReference Skill, AgentCall? Agent, ToolTerms Terms);

/// <summary>
/// Reads <c>tools</c> of an <c>llm</c> node: <c>"agent"</c> (the skills that are bound to the agent), or a list of skill references, of agents (<c>agent:slug</c>), of
/// <c>"agent"</c>, and of objects that say more. It is written plainly, so that every tool can be resolved before anything runs.
/// </summary>
static class ToolsReader
{
    public const string Llm = "llm";
    public const int MaxTools = 128;
    public const string Member = "tools";
    const string BoundOnes = "agent";
    const string AgentPrefix = "agent:";
    const string NoExpression = "Who is asked is written plainly, so that no model chooses who decides about its calls; expressions and templates are not allowed here.";

    static readonly string[] ToolMembers = ["skill", "approval", "timeout", "max_calls", "credential", "assignee", "team"];
    static readonly SkillReference AgentSkill = new("agent", null);

    /// <summary>The tools that are named, and whether the bound ones are offered as well. Null where nothing is written, or nothing that is a list of tools.</summary>
    public static (IReadOnlyList<WrittenTool> Listed, bool OffersBound)? Read(JsonElement with, string pointer, ICollection<GraphProblem> problems)
    {
        if (!with.TryGetProperty(Member, out var tools))
            return null;

        var at = JsonPointer.Append(pointer, Member);
        if (tools.ValueKind == JsonValueKind.String && tools.GetString() == BoundOnes)
            return ([], true);
        if (tools.ValueKind != JsonValueKind.Array)
        {
            problems.Add(GraphProblem.Error(at, GraphProblemCodes.InvalidType, "'tools' is \"agent\" (the skills bound to the agent) or a plain list of skills; no expression, so that they can be resolved before anything runs."));
            return null;
        }

        if (tools.GetArrayLength() > MaxTools)
        {
            problems.Add(GraphProblem.Error(at, GraphProblemCodes.LimitPassed, $"A model is offered at most {MaxTools} tools; these are {tools.GetArrayLength()}."));
            return null;
        }

        return Items(tools, at, problems);
    }

    static (IReadOnlyList<WrittenTool> Listed, bool OffersBound) Items(JsonElement tools, string at, ICollection<GraphProblem> problems)
    {
        List<WrittenTool> listed = [];
        var offersBound = false;
        foreach (var (index, item) in tools.EnumerateArray().Index())
        {
            var place = JsonPointer.Append(at, index);
            if (item.ValueKind == JsonValueKind.String && item.GetString() == BoundOnes)
                offersBound = true;
            else if (Tool(item, place, problems) is not { } tool)
                continue;
            else if (listed.Exists(known => known.Skill.Slug == tool.Skill.Slug && known.Agent?.Agent == tool.Agent?.Agent))
                problems.Add(GraphProblem.Error(tool.Pointer, GraphProblemCodes.DuplicateMember, "The tool is in the list already; take one out."));
            else
                listed.Add(tool);
        }

        return (listed, offersBound);
    }

    static WrittenTool? Tool(JsonElement item, string pointer, ICollection<GraphProblem> problems)
    {
        if (item.ValueKind == JsonValueKind.String)
            return Named(item.GetString()!, pointer, ToolTerms.None, problems);
        if (ObjectFields.Read(item, pointer, "A tool", ToolMembers, problems) is not { } fields)
            return null;

        var terms = new ToolTerms(
            fields.OneOf("approval", "never", "always") == "always",
            Duration.Read(fields, "timeout", TimeSpan.FromMilliseconds(1), ToolTerms.LongestTimeout),
            fields.Integer("max_calls", 1, ToolTerms.MostCalls),
            Plain(fields, "credential", 255, "A credential is chosen by its plain name; expressions and templates are not allowed here."),
            Plain(fields, "assignee", ToolTerms.LongestAssignee, NoExpression),
            Plain(fields, "team", ToolTerms.LongestAssignee, NoExpression));
        foreach (var asked in (string[])["assignee", "team"])
        {
            if (!terms.Approval && (asked == "team" ? terms.Team : terms.Assignee) is not null)
                fields.Report(asked, GraphProblemCodes.InvalidValue, "Somebody is asked only with \"approval\": \"always\".");
        }

        return fields.Require("skill", "name the skill, or an agent as agent:slug.") && fields.Text("skill", 1, 1024) is { } name ? Named(name, fields.At("skill"), terms, problems) : null;
    }

    static string? Plain(ObjectFields fields, string member, int most, string rule)
    {
        var name = fields.Text(member, 1, most);
        if (name is null || !ComputedText.Is(name))
            return name;
        fields.Report(member, GraphProblemCodes.InvalidValue, rule);
        return null;
    }

    static WrittenTool? Named(string name, string pointer, ToolTerms terms, ICollection<GraphProblem> problems)
    {
        if (name.StartsWith(AgentPrefix, StringComparison.Ordinal))
        {
            var parts = name[AgentPrefix.Length..].Split('@', 2);
            if (parts[0].Length > 0 && parts[^1].Length > 0 && terms.Credential is null)
                return new WrittenTool(pointer, AgentSkill, new AgentCall(pointer, parts[0], parts.Length > 1 ? parts[1] : null) { AgentPointer = pointer, VersionPointer = pointer }, terms);
        }
        else if (SkillReference.TryParse(name, out var reference) && reference.Slug != AgentSkill.Slug)
        {
            return new WrittenTool(pointer, reference, null, terms);
        }

        problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.InvalidSkill, $"{SkillReference.Rule} An agent is \"agent:slug\", alone or with a version, and without a credential."));
        return null;
    }
}
