using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The skill runner of each node of a graph, by the node's index, and those of its nested bodies.</summary>
sealed class GraphRunners(ISkillRunner[] nodes, Dictionary<int, GraphRunners>? bodies)
{
    public ISkillRunner this[int index] => nodes[index];

    /// <summary>Every node is done on the worker's own thread and leaves nothing outside.</summary>
    public bool ArePure { get; } = nodes.All(runner => runner is IPureSkill);

    public GraphRunners OfBody(int index) => bodies![index];

    /// <summary>Null where this server has no runner for a node: <paramref name="missing"/> is its skill.</summary>
    public static GraphRunners? Of(CompiledGraph graph, SkillRunners runners, ref ResolvedSkill? missing)
    {
        var nodes = new ISkillRunner[graph.Nodes.Count];
        Dictionary<int, GraphRunners>? bodies = null;
        foreach (var node in graph.Nodes)
        {
            if (runners.For(node.Skill) is not { } runner)
            {
                missing = node.Skill;
                return null;
            }

            // Those that are bound are left out where they cannot run here; those that the graph names belong to it.
            if (node.Tools?.Listed.FirstOrDefault(tool => runners.For(tool.Skill) is null) is { } tool)
            {
                missing = tool.Skill;
                return null;
            }

            nodes[node.Index] = runner;
            if (node.Body is { } body)
            {
                if (Of(body.Graph, runners, ref missing) is not { } nested)
                {
                    return null;
                }

                (bodies ??= []).Add(node.Index, nested);
            }
        }

        return new GraphRunners(nodes, bodies);
    }
}
