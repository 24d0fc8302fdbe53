using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One attempt at one node, as it will stand in <c>execution.run_steps</c>. JSON values are UTF-8.</summary>
sealed class StepRecord(CompiledNode node, Frame frame, int sequence, int attempt, int runAttempt, int startedEvent, DateTimeOffset startedAt)
{
    public CompiledNode Node => node;

    /// <summary>Where in nested bodies; null in the run's own graph.</summary>
    public string? Path { get; } = frame.Path;

    public int? Item { get; } = frame.Item;

    /// <summary>The call of a model that the step makes, or asks a person about; null for every other step.</summary>
    public ToolCall? Tool { get; } = frame.Calls?.GetValueOrDefault(node.Id);

    /// <summary>Null once the step has ended: its record must not keep a whole frame in memory.</summary>
    public Frame? Frame { get; private set; } = frame;

    public int Sequence => sequence;

    /// <summary>1 for the first try; 0 for a node that was settled without being run.</summary>
    public int Attempt => attempt;

    /// <summary>The attempt of the run in which the step began.</summary>
    public int RunAttempt => runAttempt;

    public StepStatus Status { get; private set; } = StepStatus.Running;

    public byte[]? Input { get; set; }

    public byte[]? Output { get; private set; }

    public byte[]? Error { get; private set; }

    /// <summary>What its model has said so far, for who comes to watch later; null once the step has ended.</summary>
    public System.Text.StringBuilder? Said { get; set; }

    /// <summary>What its calls used outside; null for nearly every step.</summary>
    public byte[]? Usage { get; set; }

    /// <summary>Position among the run's events (run.started is 1); a stream that reconnects goes on after the last one it saw.</summary>
    public int StartedEvent => startedEvent;

    public int FinishedEvent { get; private set; }

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Whether the step is stored as waiting, since a former attempt of the run or since now: its end is then an update.</summary>
    public bool IsStoredAsWaiting { get; set; }

    public void Finish(StepStatus status, byte[]? output, byte[]? error, int finishedEvent, DateTimeOffset at)
    {
        Status = status;
        Output = output;
        Error = error;
        FinishedEvent = finishedEvent;
        FinishedAt = at;
        Frame = null;
        Said = null;
    }

    /// <summary>The run parks: the step goes on when it is taken up again.</summary>
    public void Park() => Status = StepStatus.Waiting;
}
