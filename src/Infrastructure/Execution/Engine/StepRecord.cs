using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One attempt at one node, as it will stand in <c>execution.run_steps</c>. JSON values are UTF-8.</summary>
sealed class StepRecord(CompiledNode node, int sequence, int attempt, int startedEvent, DateTimeOffset startedAt)
{
    public CompiledNode Node => node;

    public int Sequence => sequence;

    /// <summary>1 for the first try; 0 for a node that was settled without being run.</summary>
    public int Attempt => attempt;

    public StepStatus Status { get; private set; } = StepStatus.Running;

    public byte[]? Input { get; set; }

    public byte[]? Output { get; private set; }

    public byte[]? Error { get; private set; }

    /// <summary>Position among the run's events (run.started is 1); a stream that reconnects goes on after the last one it saw.</summary>
    public int StartedEvent => startedEvent;

    public int FinishedEvent { get; private set; }

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Whether a checkpoint holds it already; the finish then does not write it again.</summary>
    public bool Stored { get; set; }

    public void Finish(StepStatus status, byte[]? output, byte[]? error, int finishedEvent, DateTimeOffset at)
    {
        Status = status;
        Output = output;
        Error = error;
        FinishedEvent = finishedEvent;
        FinishedAt = at;
    }
}
