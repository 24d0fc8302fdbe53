using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Everything a worker needs to run one agent version; immutable, made once per version and kept.</summary>
/// <param name="Runners">The skill runner of each node, by the node's index.</param>
/// <param name="Timeout">How long a run may take in all.</param>
sealed record RunPlan(
    Guid TenantId,
    Guid AgentId,
    Guid VersionId,
    string AgentSlug,
    string Version,
    CompiledGraph Graph,
    IReadOnlyList<ISkillRunner> Runners,
    CompiledSchema? InputSchema,
    Datum Config,
    TimeSpan Timeout)
{
    /// <summary>A run without outside effects needs no timer, no token and no checkpoint: it is over in microseconds.</summary>
    public bool IsPure { get; } = Runners.All(runner => runner is IPureSkill);
}
