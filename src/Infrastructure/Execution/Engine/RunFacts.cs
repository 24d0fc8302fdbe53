using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a run was accepted with, and what its way so far left behind.</summary>
/// <param name="TriggerSource">As stored: manual, webhook, schedule, event, agent or replay.</param>
/// <param name="Config">Null: as the plan has it.</param>
/// <param name="FirstStartedAt">Null for a run that has not begun.</param>
/// <param name="Active">How long former attempts were at work; the time that it waited does not count.</param>
/// <param name="SeenWakes">How often the run had been rung when it was taken up.</param>
/// <param name="IsStoredAsBegun">Its row says that it runs; if not, its end says that too.</param>
sealed record RunFacts(
    Datum Input, DateTimeOffset QueuedAt, string TriggerSource, DateTimeOffset? Deadline = null, Datum? Config = null, DateTimeOffset? FirstStartedAt = null,
    TimeSpan Active = default, RunFamily? Family = null, int SeenWakes = 0, bool CancelRequested = false, bool PauseRequested = false, string? TraceParent = null, RunAsker Asker = default, bool IsStoredAsBegun = true);
