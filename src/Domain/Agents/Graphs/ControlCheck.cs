using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What the skills that the engine itself carries out ask of a node, beyond their input schemas.</summary>
static class ControlCheck
{
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    public static void Run(GraphNode node, ResolvedSkill skill, bool isInBody, ICollection<GraphProblem> problems)
    {
        if (skill.Type == SkillType.Agent)
        {
            RequirePlain(node, "agent", "An agent is named plainly, so that it can be checked before anything runs; expressions and templates are not allowed here.", problems);
            RequirePlain(node, "version", "A version is named plainly; expressions and templates are not allowed here.", problems);
        }

        if (skill.IsBuiltin("wait"))
            CheckWait(node, problems);
        if (skill.IsBuiltin("approval"))
            CheckDuration(node, "expires_in", problems);
        var hasBody = skill.IsBuiltin(BodyReader.Foreach) || skill.IsBuiltin(BodyReader.Loop);
        if (node.Credential is not null && (hasBody || skill.Type == SkillType.Agent || skill.IsBuiltin("wait") || skill.IsBuiltin("approval")))
            Refuse(node, "credential", $"'{skill.Slug}' makes no call of its own, so it has no credential; give it to the nodes that do.", problems);
        // What a body has done stays done: only its own nodes can be tried again.
        if (node.Retry is not null && hasBody)
            Refuse(node, "retry", $"'{skill.Slug}' is not tried again as a whole; give the nodes inside a retry.", problems);

        // A run has one answer; which of many items gave it would be left to chance.
        if (isInBody && skill.IsBuiltin("respond"))
            problems.Add(GraphProblem.Error(node.Pointer, GraphProblemCodes.NotInBody, "A run answers once, so 'respond' cannot be in a body; put it after the node that has the body."));
    }

    static void CheckWait(GraphNode node, ICollection<GraphProblem> problems)
    {
        string[] kinds = [.. ((string[])["for", "until", "signal"]).Where(name => node.With.TryGetProperty(name, out _))];
        if (kinds.Length != 1)
            problems.Add(GraphProblem.Error(node.WithPointer, GraphProblemCodes.InvalidValue, "A wait has exactly one of 'for' (a time span), 'until' (a moment) and 'signal' (a name)."));
        else if (kinds[0] != "signal" && node.With.TryGetProperty("timeout", out _))
            problems.Add(GraphProblem.Error(JsonPointer.Append(node.WithPointer, "timeout"), GraphProblemCodes.NotApplicable, "Only a wait for a signal has a timeout; take it out."));
        CheckDuration(node, "for", problems);
        CheckDuration(node, "timeout", problems);
        if (ComputedText.Literal(node.With, "until") is { } until && Moment.Parse(until) is null)
            problems.Add(GraphProblem.Error(JsonPointer.Append(node.WithPointer, "until"), GraphProblemCodes.InvalidValue, "'until' is a moment with its offset, like \"2027-01-31T09:00:00Z\" (RFC 3339)."));
    }

    static void CheckDuration(GraphNode node, string name, ICollection<GraphProblem> problems)
    {
        // Another type is refused by the skill's schema.
        if (!node.With.TryGetProperty(name, out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || (value.ValueKind == JsonValueKind.String && ComputedText.Is(value.GetString()!)))
            return;
        if (Duration.Parse(value) is not { } span || span < TimeSpan.Zero || span > LongestWait)
            problems.Add(GraphProblem.Error(JsonPointer.Append(node.WithPointer, name), GraphProblemCodes.InvalidDuration, $"'{name}' must be a time from 0 to 365d, like \"10s\", \"2m\", \"1h\" or \"3d\" (a plain number counts milliseconds)."));
    }

    static void RequirePlain(GraphNode node, string name, string message, ICollection<GraphProblem> problems)
    {
        if (node.With.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && ComputedText.Is(value.GetString()!))
            problems.Add(GraphProblem.Error(JsonPointer.Append(node.WithPointer, name), GraphProblemCodes.InvalidValue, message));
    }

    static void Refuse(GraphNode node, string name, string message, ICollection<GraphProblem> problems) =>
        problems.Add(GraphProblem.Error(JsonPointer.Append(node.Pointer, name), GraphProblemCodes.NotApplicable, message));
}
