using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What a node needs besides its place in the graph; null where it was refused.</summary>
sealed record NodeParts(ResolvedSkill? Skill, ValueTemplate With, IReadOnlyList<SwitchCase>? Cases = null, CompiledBody? Body = null, NodeTools? Tools = null);

/// <summary>Resolves a node's skill, compiles its <c>with</c>, and checks both.</summary>
sealed class NodeCompiler(ScopeCheck scope, ISkillCatalog skills, ITemplateCompiler templates, GraphLimits limits, List<GraphProblem> problems)
{
    static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public NodeParts Compile(GraphNode node)
    {
        var skill = node.Skill is { } reference ? Resolve(reference, JsonPointer.Append(node.Pointer, "skill")) : null;
        var pointer = node.WithPointer;
        void CheckScope(string at, IEnumerable<string> names) => scope.OfNode(node.Position, at, names);

        if (skill?.IsBuiltin("switch") == true)
            return new NodeParts(skill, Template(Nothing, pointer), SwitchReader.Read(node.With, pointer, limits, CheckScope, problems));

        if (skill is not null)
            ControlCheck.Run(node, skill, scope.IsBody, problems);
        // A tenant's own skill may have the name of ours, from the time before there was ours.
        if (node.Skill?.Slug is BodyReader.Foreach or BodyReader.Loop && skill?.Type is null or SkillType.Builtin)
            return CompileWithBody(node, skill);

        var with = Template(node.With, pointer);
        ScopeCheck.Each(with, CheckScope);
        if (skill?.InputSchema is { } schema)
            LiteralCheck.Run(node.With, skill, schema, pointer, problems);
        return new NodeParts(skill, with, Tools: skill?.Type is SkillType.Llm ? Tools(node) : null);
    }

    /// <summary>Null where the model is offered none.</summary>
    NodeTools? Tools(GraphNode node)
    {
        if (node.Tools is not { } written)
            return NodeTools.Bound;

        List<ListedTool> listed = [];
        foreach (var tool in written.Listed)
        {
            if (Resolve(tool.Skill, tool.Pointer) is not { } skill)
                continue;
            if (tool.Agent is null && !skill.CanBeTool)
                problems.Add(GraphProblem.Error(tool.Pointer, GraphProblemCodes.InvalidSkill, $"'{skill.Slug}' steers a graph, or needs an agent to be named, and cannot be a tool by itself; name another skill, or an agent as \"agent:slug\"."));
            listed.Add(new ListedTool(skill, tool.Agent?.Agent, tool.Agent?.Version, tool.Terms));
        }

        return listed.Count > 0 || written.OffersBound ? new NodeTools(listed, written.OffersBound) : null;
    }

    NodeParts CompileWithBody(GraphNode node, ResolvedSkill? skill)
    {
        var apart = BodyReader.Read(node.Skill!.Value.Slug);
        var arguments = node.With.EnumerateObject().Where(m => !apart.Contains(m.Name, StringComparer.Ordinal)).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        var with = Template(JsonSerializer.SerializeToElement(arguments), node.WithPointer);
        ScopeCheck.Each(with, (at, names) => scope.OfNode(node.Position, at, names));
        return new NodeParts(skill, with, Body: node.Body is { } body ? Compile(node, body) : null);
    }

    CompiledBody? Compile(GraphNode node, GraphBody body)
    {
        var shape = new GraphShape(body.Graph, problems);
        var inside = new ScopeCheck(body.Graph, shape, problems, new BodyPlace(scope, node.Position));
        Expression? until = null;
        var pointer = JsonPointer.Append(node.WithPointer, "until");
        if (body.Until is { } text && (until = Conditions.Compile(text, pointer, limits, problems)) is not null)
        {
            inside.OfUntil(pointer, until.RootFields);
            Conditions.Constant(until, pointer, problems);
        }

        var graph = GraphCompiler.Compile(body.Graph, shape, inside, skills, templates, limits, problems);
        return graph is null ? null : new CompiledBody(graph, until, body.MaxIterations);
    }

    public ValueTemplate Template(JsonElement source, string pointer)
    {
        CheckLengths(source, pointer);
        return ValueTemplate.Compile(source, pointer, templates, (at, error) =>
        {
            // A limit of the plan is reported above, and once is enough.
            if (error.Code != ExpressionErrorCode.Limit || limits.ExpressionLength >= ExpressionLimits.TextLength)
                problems.Add(Conditions.Refused(at, error));
        });
    }

    ResolvedSkill? Resolve(SkillReference reference, string pointer)
    {
        if (skills.Resolve(reference) is { } skill)
        {
            if (skill.IsDeprecated)
                problems.Add(GraphProblem.Warning(pointer, GraphProblemCodes.SkillDeprecated, Deprecated(skill)));
            return skill;
        }

        problems.Add(skills.Exists(reference.Slug)
            ? GraphProblem.Error(pointer, GraphProblemCodes.VersionNotFound, NoVersion(reference))
            : GraphProblem.Error(pointer, GraphProblemCodes.UnknownSkill, $"There is no skill '{reference.Slug}'; register it or name another.{DidYouMean.Hint(reference.Slug, skills.Slugs, problems.Count)}"));
        return null;
    }

    static string Deprecated(ResolvedSkill skill) => string.IsNullOrWhiteSpace(skill.DeprecationMessage)
        ? $"Version {skill.Version} of '{skill.Slug}' is deprecated; move to a newer one."
        : $"Version {skill.Version} of '{skill.Slug}' is deprecated: {skill.DeprecationMessage}";

    string NoVersion(SkillReference reference)
    {
        var versions = skills.Versions(reference.Slug).ToList();
        if (versions.Count == 0)
            return $"The skill '{reference.Slug}' has no active version; activate one.";
        var asked = reference.Range is null ? "released version" : $"version {reference.Range}";
        return $"The skill '{reference.Slug}' has no active {asked}; there is {string.Join(", ", versions.Take(10))}{(versions.Count > 10 ? ", …" : "")}.";
    }

    void CheckLengths(JsonElement source, string pointer)
    {
        if (limits.ExpressionLength >= ExpressionLimits.TextLength)
            return;
        foreach (var (at, text) in ComputedText.In(source, pointer).Where(c => c.Text.StartsWith('=') && c.Text.Length - 1 > limits.ExpressionLength))
            problems.Add(Conditions.ExpressionTooLong(at, text.Length - 1, limits));
    }
}
