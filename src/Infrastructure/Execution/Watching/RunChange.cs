using System.Text.Json;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>What runs of one agent did in one commit. Shared by all who read it on this node.</summary>
/// <param name="Statuses">The states that each of the runs went through, in order.</param>
sealed record RunChange(ulong Xid, Guid Id, Guid AgentId, string[] Statuses, Guid[] RunIds, DateTimeOffset At)
{
    /// <summary>Facts of the runs as of when they were read; a run that is gone meanwhile has none.</summary>
    public required IReadOnlyDictionary<Guid, RunFact> Facts { get; init; }

    /// <summary>The events after the first <paramref name="seen"/> of runs that <paramref name="viewer"/> may see, each with the place after it.</summary>
    public IEnumerable<ServerEvent> Events(Guid tenantId, RunViewer viewer, int seen)
    {
        var count = RunIds.Length * Statuses.Length;
        for (var i = seen; i < count; i++)
        {
            var run = RunIds[i / Statuses.Length];
            if (!viewer.MaySee(Facts.GetValueOrDefault(run)))
            {
                continue;
            }

            var status = Statuses[i % Statuses.Length];
            var place = new FeedPosition(Xid, Id, i + 1 == count ? int.MaxValue : i + 1, At);
            yield return new ServerEvent(place.Encode(tenantId), NameOf(status), Data(run, status));
        }
    }

    static string NameOf(string status) => status switch
    {
        "queued" => "run.queued",
        "running" => "run.started",
        "waiting" => "run.waiting",
        "paused" => "run.paused",
        _ => "run.finished",
    };

    /// <summary>Times that lie behind the event only: what became of the run afterwards has events of its own.</summary>
    string Data(Guid run, string status)
    {
        var fact = Facts.GetValueOrDefault(run);
        var isFinal = NameOf(status) == "run.finished";
        return JsonSerializer.Serialize(new EventData(
            run, AgentId, status, At, fact?.TriggerSource, fact?.QueuedAt, status == "queued" ? null : fact?.StartedAt,
            isFinal ? fact?.FinishedAt : null, isFinal ? fact?.ErrorCode : null), RunEventFormat.Default.EventData);
    }
}

/// <param name="PrivateTo">Of a run in a conversation: whose conversation it is.</param>
sealed record RunFact(Guid Id, string TriggerSource, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? ErrorCode, Guid? PrivateTo);

/// <param name="SeesAllTalks">Also what is said in others' conversations.</param>
readonly record struct RunViewer(Guid? UserId, bool SeesAllTalks)
{
    public bool MaySee(RunFact? run) => SeesAllTalks || run?.PrivateTo is not { } owner || owner == UserId;
}

/// <param name="At">When the change was committed, as near as its transaction's begin.</param>
sealed record EventData(
    Guid RunId, Guid AgentId, string Status, DateTimeOffset At, string? TriggerSource, DateTimeOffset? QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    string? ErrorCode);
