using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// What the tenant's runs do, as it happens on whichever node: <c>run.queued</c>, <c>run.started</c>, <c>run.waiting</c>, <c>run.paused</c> and
/// <c>run.finished</c>; <c>reset</c> where the place to go on from is not known any more, so that the reader asks for the lists again.
/// </summary>
/// <param name="Agent">Id or slug: only the runs of this agent.</param>
/// <param name="LastEventId">Goes on after that event; without it, from now on.</param>
[Requires("runs:read")]
public sealed record WatchRuns(string? Agent, string? LastEventId) : IQuery<IAsyncEnumerable<ServerEvent>>;
