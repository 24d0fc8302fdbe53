using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>A run's events as they happen, from after <paramref name="LastEventId"/> on until the run has ended.</summary>
[Requires("runs:read")]
public sealed record WatchRun(Guid Id, string? LastEventId) : IQuery<IAsyncEnumerable<RunEvent>>;
