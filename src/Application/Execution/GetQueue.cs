using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>What of the tenant's runs waits, goes on and is laid down, and what its plan allows.</summary>
[Requires("runs:read")]
public sealed record GetQueue : IQuery<QueueView>;

/// <param name="Queued">Runs that wait for a worker or stand in a line; counted up to 1 000 000, as the others are.</param>
/// <param name="InLine">Those of them that a limit or a time holds back.</param>
/// <param name="Waiting">Runs that wait for a time, a signal, a person or a child run.</param>
/// <param name="OldestQueuedAt">Since when the longest of those has waited that a worker could take now.</param>
public sealed record QueueView(int Queued, int InLine, int Running, int Waiting, int Paused, DateTimeOffset? OldestQueuedAt, QueueLimits Limits);

/// <param name="MaxQueued">Runs that may wait; more are answered with 429.</param>
/// <param name="MaxRunning">Runs that may go on at once; null is no limit.</param>
/// <param name="Weight">The tenant's share of the workers while others wait too.</param>
public sealed record QueueLimits(int MaxQueued, int? MaxRunning, int Weight);
