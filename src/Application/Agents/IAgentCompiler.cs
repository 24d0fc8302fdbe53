using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Application.Agents;

/// <summary>Makes of a stored version what the engine runs. Costs one query and a few milliseconds; the result may be kept for good, by version id.</summary>
public interface IAgentCompiler
{
    /// <exception cref="InvalidOperationException">An accepted version does not compile: a bug, or a row that was changed by hand.</exception>
    Task<CompiledAgent> Compile(LoadedVersion version, CancellationToken ct);
}

/// <summary>Immutable and thread-safe.</summary>
/// <param name="InputSchema">What a run's input must satisfy; null when anything goes.</param>
public sealed record CompiledAgent(LoadedVersion Version, CompiledGraph Graph, CompiledSchema? InputSchema, CompiledSchema? OutputSchema);
