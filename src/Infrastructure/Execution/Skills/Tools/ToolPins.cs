using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>A tool as the first answer's checkpoint keeps it: whoever takes the run up again offers the model what it was offered before.</summary>
/// <param name="AgentId">Only of an agent, as its version's.</param>
sealed record ToolPin(string Name, Guid SkillVersionId, Guid? AgentId, Guid? AgentVersionId, ToolTerms Terms)
{
    public static ToolPin Of(Tool tool) => new(tool.Name, tool.Skill.VersionId, tool.Agent?.AgentId, tool.Agent?.VersionId, tool.Terms);

    public Datum ToDatum()
    {
        var members = new Dictionary<string, Datum>
        {
            ["name"] = Datum.From(Name),
            ["skill_version_id"] = Datum.From(SkillVersionId.ToString()),
        };
        if (AgentId is { } agent && AgentVersionId is { } version)
        {
            members["agent_id"] = Datum.From(agent.ToString());
            members["agent_version_id"] = Datum.From(version.ToString());
        }

        if (Terms.Approval)
        {
            members["approval"] = Datum.From("always");
        }

        if (Terms.Timeout is { } timeout)
        {
            members["timeout_ms"] = Datum.From((long)timeout.TotalMilliseconds);
        }

        if (Terms.MaxCalls is { } calls)
        {
            members["max_calls"] = Datum.From(calls);
        }

        foreach (var (name, text) in ((string, string?)[])[("credential", Terms.Credential), ("assignee", Terms.Assignee), ("team", Terms.Team)])
        {
            if (text is not null)
            {
                members[name] = Datum.From(text);
            }
        }

        return Datum.FromObject(members);
    }

    /// <summary>Null for what is no pin: a person may have put anything in the place of a step's output.</summary>
    public static ToolPin? Read(Datum pin) =>
        pin.Text("name") is { } name && Guid.TryParse(pin.Text("skill_version_id"), out var version)
            ? new ToolPin(name, version, Id(pin, "agent_id"), Id(pin, "agent_version_id"), new ToolTerms(
                pin.Text("approval") == "always",
                pin.Value("timeout_ms") is { Kind: DatumKind.Number } timeout ? TimeSpan.FromMilliseconds(timeout.GetDouble()) : null,
                pin.Value("max_calls") is { Kind: DatumKind.Number } calls ? (int)calls.GetDouble() : null,
                pin.Text("credential"),
                pin.Text("assignee"),
                pin.Text("team")))
            : null;

    static Guid? Id(Datum pin, string name) => Guid.TryParse(pin.Text(name), out var id) ? id : null;
}
