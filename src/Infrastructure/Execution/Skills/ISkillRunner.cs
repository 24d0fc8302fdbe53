using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>What a skill is given for one call.</summary>
/// <param name="With">The node's parameters, evaluated; a skill's own preset lies under them.</param>
/// <param name="Scope">Everything the node may read, for skills that evaluate conditions of their own.</param>
/// <param name="EffectKey">The same for every attempt of this step, also after a crash: sent as <c>Idempotency-Key</c> to the outside.</param>
sealed record SkillCall(Guid TenantId, Guid RunId, CompiledNode Node, Datum With, Datum Scope, string EffectKey);

/// <summary>Executes one kind of skill.</summary>
interface ISkillRunner
{
    /// <summary><c>type</c>, or <c>builtin/slug</c>.</summary>
    string Handles { get; }

    /// <summary>
    /// Pure: the same input gives the same output and nothing outside changes. Such steps are recomputed after a crash instead of being
    /// checkpointed, and run on the worker's own thread: they must not block.
    /// </summary>
    bool IsPure { get; }

    ValueTask<SkillOutcome> Run(SkillCall call, CancellationToken ct);
}
