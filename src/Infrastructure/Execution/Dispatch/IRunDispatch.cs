namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>How a worker comes by the runs that wait: from the database's queue alone, or told by a message broker.</summary>
interface IRunDispatch
{
    /// <summary>Takes runs up as slots are free, until <paramref name="ct"/> is cancelled.</summary>
    Task Run(CancellationToken ct);
}
