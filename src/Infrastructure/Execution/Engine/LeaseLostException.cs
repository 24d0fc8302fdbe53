namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Another node has the run now. This node stops at once and writes nothing more for it.</summary>
sealed class LeaseLostException(Guid runId) : Exception($"The lease of run {runId} was lost.");
