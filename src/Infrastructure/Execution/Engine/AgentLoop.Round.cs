using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The calls of one answer: nodes beside each other, each perhaps after one that asks a person.</summary>
sealed partial class AgentLoop
{
    /// <summary>As the registry's migration gives it, the same everywhere.</summary>
    static readonly ResolvedSkill Approval = new(
        new Guid("01900000-0000-7000-8000-000000000010"), new Guid("01900000-0000-7000-8000-000000000110"), "approval", "1.0.0", SkillType.Builtin,
        IsDeprecated: false, DeprecationMessage: null, Spec: default, InputSchema: null);

    Frame MakeCalls(IReadOnlyList<JudgedCall> judged, int index)
    {
        var nodes = new List<MadeNode>(judged.Count);
        var skills = new List<ISkillRunner>(judged.Count);
        var made = new Dictionary<string, ToolCall>(StringComparer.Ordinal);
        foreach (var (place, (call, tool, refusal)) in judged.Index())
        {
            var (ask, make) = ($"approve_{place + 1}", $"call_{place + 1}");
            var known = new ToolCall(make, call.Name, tool?.Skill, call.Arguments, model);
            made[make] = known;
            if (refusal is not null)
            {
                nodes.Add(new MadeNode(make, Plain(tool?.Skill ?? Node.Skill), ValueTemplate.Literal(call.Arguments), OnErrorKind.Continue));
                skills.Add(new RefusedCall(refusal));
                continue;
            }

            if (tool!.Terms.Approval)
            {
                made[ask] = known;
                // A failure that leads nowhere: the call is skipped, the others go on.
                nodes.Add(new MadeNode(ask, Approval, ValueTemplate.Literal(Permission(tool, call)), OnErrorKind.Goto));
                skills.Add(kit.Runners.For(Approval)!);
            }

            nodes.Add(new MadeNode(make, tool.Skill, tool.Terms.Approval ? Approved(tool, ask) : ValueTemplate.Literal(With(tool, call)), OnErrorKind.Continue, tool.Terms.Approval ? ask : null)
            {
                Timeout = tool.Terms.Timeout,
                Credential = tool.Terms.Credential,
            });
            skills.Add(kit.Runners.For(tool.Skill)!);
        }

        return FrameOf(MadeGraph.Of(nodes), new GraphRunners([.. skills], null), index, made);
    }

    /// <summary>What the model is told of each call, and what the node's own output keeps.</summary>
    ChatMessage Results(Frame ended, IReadOnlyList<JudgedCall> judged)
    {
        var results = new List<AIContent>(judged.Count);
        foreach (var (place, (call, _, refusal)) in judged.Index())
        {
            var made = ended.Graph.Nodes[ended.Graph.IndexOf($"call_{place + 1}")];
            var asked = ended.Graph.IndexOf($"approve_{place + 1}");
            var rejection = asked < 0 ? null : ended.Walk.ErrorOf(asked);
            var error = rejection ?? ended.Walk.ErrorOf(made.Index);
            var text = ToolResult.Of(error is null ? (SkillOutcome)ended.Walk.Scope.OutputOf(made.Index) : error);
            results.Add(new FunctionResultContent(call.Id, text));
            reports.Add(Datum.FromObject(new Dictionary<string, Datum>
            {
                ["tool"] = Datum.From(call.Name),
                ["arguments"] = Shown(call.Arguments),
                ["result_excerpt"] = Datum.From(ToolResult.Excerpt(text)),
                ["status"] = Datum.From(refusal is not null ? "refused" : rejection is not null ? "rejected" : error is not null ? "failed" : "succeeded"),
                ["duration_ms"] = run.DurationOf(ended, made) is { } duration ? Datum.From((long)duration.TotalMilliseconds) : Datum.Null,
            }));
        }

        return new ChatMessage(ChatRole.Tool, results);
    }

    static Datum With(Tool tool, WantedCall call) => tool.Agent is not { } agent
        ? call.Arguments
        : Datum.FromObject(new Dictionary<string, Datum>
        {
            ["agent"] = Datum.From(agent.AgentId.ToString()),
            ["version"] = Datum.From(agent.VersionId.ToString()),
            ["input"] = call.Arguments,
        });

    /// <summary>Whoever approves may edit the arguments: what the tool gets is read from the decision.</summary>
    static ValueTemplate Approved(Tool tool, string ask)
    {
        var arguments = $"{ask}.payload.arguments";
        var text = tool.Agent is { } agent ? $"{{agent: '{agent.AgentId}', version: '{agent.VersionId}', input: {arguments}}}" : arguments;
        return Expression.TryCompile(text, out var expression, out var error) ? ValueTemplate.Of(expression) : throw new InvalidOperationException(error.Message);
    }

    Datum Permission(Tool tool, WantedCall call) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["title"] = Datum.From($"{run.Plan.AgentSlug}: may the model call {tool.Name}?"),
        ["payload"] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["tool"] = Datum.From(tool.Name),
            ["arguments"] = call.Arguments,
        }),
        ["assignee"] = tool.Terms.Assignee is { } person ? Datum.From(person) : Datum.Null,
        ["team"] = tool.Terms.Team is { } team ? Datum.From(team) : Datum.Null,
    });

    static Datum Shown(Datum arguments) =>
        Json.Write(arguments) is { Length: <= MaxShownArguments } ? arguments : Datum.From(ToolResult.Excerpt(arguments.ToJsonElement().GetRawText()));

    /// <summary>The same skill without what would be held against its parameters.</summary>
    static ResolvedSkill Plain(ResolvedSkill skill) => skill with { InputSchema = null, OutputSchema = null, Spec = default };
}
