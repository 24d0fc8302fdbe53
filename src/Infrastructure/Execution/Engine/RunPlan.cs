using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Everything a worker needs to run one agent version; immutable, made once per version and kept.</summary>
/// <param name="Timeout">How long a run may take in all.</param>
sealed record RunPlan(
    Guid TenantId,
    Guid AgentId,
    Guid VersionId,
    string AgentSlug,
    string Version,
    CompiledGraph Graph,
    GraphRunners Runners,
    CompiledSchema? InputSchema,
    Datum Config,
    TimeSpan Timeout)
{
    /// <summary>What the queue has to know of a new run: plans of past versions know nothing of it.</summary>
    public PlanLines Queue { get; init; } = PlanLines.None;

    /// <summary>The agent's model and system prompt, as its version has them.</summary>
    public ModelDefaults Model { get; init; } = ModelDefaults.None;

    /// <summary>What the agent allows its runs.</summary>
    public AgentLimits Limits { get; init; } = new();

    /// <summary>What it remembers of a conversation: plans of past versions know nothing of it.</summary>
    public AgentMemory Memory { get; init; } = AgentMemory.Default;

    /// <summary>What a run keeps of it, stored when there is any; it must read the same settings after a restart.</summary>
    public byte[]? ConfigJson { get; } = Config.EnumerateMembers().Any() ? Json.Write(Config) : null;

    /// <summary>A run without outside effects needs no timer, no token and no checkpoint: it is over in microseconds.</summary>
    public bool IsPure => Runners.ArePure;

    /// <summary>So short that it may be run before it is stored; a longer one would keep the caller from its answer.</summary>
    public bool IsBrief { get; } = Runners.ArePure && Graph.Nodes.Count <= MaxBriefNodes;

    /// <summary>Whether its agent stands still: a new run is stored and waits.</summary>
    public bool IsPaused { get; init; }

    /// <summary>A node of it answers the webhook that started the run. In bodies there is none.</summary>
    public bool Responds { get; } = Graph.Nodes.Any(node => node.Skill.SkillId == RespondSkill.SkillId);

    const int MaxBriefNodes = 32;

    /// <returns>What is wrong with a run's input, each place below <c>/input</c>; nothing when it fits the version's schema, or that has none.</returns>
    public IReadOnlyList<FieldError> InputFaults(JsonElement input) => InputSchema is { } schema
        ? [.. schema.Validate(input).Select(problem => new FieldError($"/input{problem.InstancePointer}", "input_invalid", problem.Message))]
        : [];

    /// <summary>The same with an agent's settings.</summary>
    // Not "with": what is computed from the settings must be computed anew.
    public RunPlan Under(Datum config) => new(TenantId, AgentId, VersionId, AgentSlug, Version, Graph, Runners, InputSchema, config, Timeout) { Model = Model, Limits = Limits };
}
