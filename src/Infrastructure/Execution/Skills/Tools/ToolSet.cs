using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>The tools that one <c>llm</c> node offers its model, the first choice first.</summary>
sealed class ToolSet
{
    /// <summary>All declarations together: what is past it, of the lowest priority, is not offered.</summary>
    const int MaxBytes = 256 * 1024;
    const int MaxTools = 128;
    const int MaxName = 64;

    readonly Dictionary<string, Tool> byName;

    ToolSet(IReadOnlyList<Tool> tools)
    {
        Tools = tools;
        byName = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    public static ToolSet Empty { get; } = new([]);

    public IReadOnlyList<Tool> Tools { get; }

    /// <summary>The first of each skill, or agent, counts.</summary>
    public static ToolSet Of(IEnumerable<(ResolvedSkill Skill, AgentTool? Agent, ToolTerms Terms)> offered)
    {
        var tools = new List<Tool>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        foreach (var (skill, agent, terms) in offered.DistinctBy(tool => tool.Agent?.AgentId ?? tool.Skill.SkillId))
        {
            var tool = new Tool(Free(agent?.Slug ?? skill.Slug, names), skill, agent, terms);
            bytes += tool.Bytes;
            if (tools.Count == MaxTools || bytes > MaxBytes)
            {
                break;
            }

            names.Add(tool.Name);
            tools.Add(tool);
        }

        return new ToolSet(tools);
    }

    /// <summary>Under the names that a model was told before.</summary>
    public static ToolSet Again(IReadOnlyList<Tool> tools) => new(tools);

    public Tool? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What every vendor takes as a name.</summary>
    static string Free(string slug, HashSet<string> taken)
    {
        var name = new string([.. slug.Take(MaxName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_')]);
        var free = name;
        for (var n = 2; taken.Contains(free); n++)
        {
            var suffix = $"_{n}";
            free = name[..Math.Min(name.Length, MaxName - suffix.Length)] + suffix;
        }

        return free;
    }
}
