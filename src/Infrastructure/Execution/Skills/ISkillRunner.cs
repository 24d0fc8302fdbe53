using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>What a skill is given for one call.</summary>
/// <param name="With">The node's parameters, evaluated; a skill's own preset lies under them.</param>
/// <param name="Scope">Everything the node may read, for skills that evaluate conditions of their own.</param>
/// <param name="Path">Where in nested bodies, for example <c>each[3]</c>; null in the run's own graph.</param>
sealed record SkillCall(Guid TenantId, Guid RunId, CompiledNode Node, Datum With, Datum Scope, string? Path = null, Guid AgentId = default)
{
    /// <summary>Of this attempt, as it will stand in <c>run_steps</c>.</summary>
    public Guid StepId { get; init; }

    /// <summary>Of the step: 1 for the first try.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>In whose name the run goes; null where a trigger started it.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The key that the run, or the one above it, was asked for with.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>What the agent says about its model.</summary>
    public ModelDefaults Defaults { get; init; } = ModelDefaults.None;

    /// <summary>Told each piece of text as a model says it; null where nobody listens.</summary>
    public Action<string>? OnText { get; init; }

    /// <summary>The same for every attempt of this step, also after a crash: sent as <c>Idempotency-Key</c> to the outside.</summary>
    public string EffectKey => $"{RunId:n}/{StepKey}";

    public string StepKey => Path is null ? Node.Id : $"{Path}/{Node.Id}";
}

/// <summary>Executes one kind of skill: an <see cref="IPureSkill"/> or an <see cref="IEffectfulSkill"/>; a <see cref="ControlSkill"/> is the engine's own.</summary>
interface ISkillRunner
{
    /// <summary><c>type</c>, or <c>builtin/slug</c>.</summary>
    string Handles { get; }
}

/// <summary>
/// The same input gives the same output and nothing outside changes. Such steps are recomputed after a crash instead of being checkpointed,
/// and run on the worker's own thread.
/// </summary>
interface IPureSkill : ISkillRunner
{
    SkillOutcome Run(SkillCall call);
}

/// <summary>Does something outside. The result is checkpointed before anything that depends on it starts.</summary>
interface IEffectfulSkill : ISkillRunner
{
    Task<SkillOutcome> Run(SkillCall call, CancellationToken ct);
}
