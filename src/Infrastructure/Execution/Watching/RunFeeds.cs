using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentPlatform.Application.Execution;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>The streams of whole tenants' runs that this node serves.</summary>
sealed class RunFeeds(RunChangeReader reader, TimeProvider time, ILogger<RunFeeds> log)
{
    /// <summary>Streams of one tenant on one node.</summary>
    public const int MaxStreams = 100;

    /// <summary>Changes are kept a little longer than they can be resumed, so that nobody resumes where some are gone already.</summary>
    static readonly TimeSpan Resumable = TimeSpan.FromHours(24);

    static readonly TimeSpan Sign = TimeSpan.FromSeconds(10);

    /// <summary>Then the reader comes back, and whether it still may is asked again.</summary>
    static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    readonly Lock gate = new();
    readonly Dictionary<Guid, (RunFeed Feed, int Streams)> feeds = [];

    /// <returns>Null when the tenant has too many streams here.</returns>
    public IAsyncEnumerable<ServerEvent>? TryWatch(Guid tenantId, RunViewer viewer, Guid? agentId, string? lastEventId)
    {
        lock (gate)
        {
            var (feed, streams) = feeds.GetValueOrDefault(tenantId, (new RunFeed(tenantId, reader, log), 0));
            if (streams >= MaxStreams)
            {
                return null;
            }

            feeds[tenantId] = (feed, streams + 1);
            return Watch(tenantId, viewer, feed, agentId, lastEventId, CancellationToken.None);
        }
    }

    async IAsyncEnumerable<ServerEvent> Watch(
        Guid tenantId, RunViewer viewer, RunFeed feed, Guid? agentId, string? lastEventId, [EnumeratorCancellation] CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        Channel<RunChange>? live = null;
        try
        {
            var (at, isReset) = await Begin(tenantId, lastEventId, ct);
            yield return new ServerEvent(at.Encode(tenantId), isReset ? "reset" : null, isReset ? """{"reason":"unknown_position"}""" : null);

            // What is stored already. The last look comes after the channel was opened, so nothing falls between the two.
            while (true)
            {
                var page = await reader.Next(tenantId, at, ct);
                foreach (var change in page.Changes)
                {
                    foreach (var what in Events(change, at))
                    {
                        yield return what;
                    }

                    at = After(change);
                }

                if (page.HasMore)
                {
                    continue;
                }

                at = Later(at, page.Horizon);
                if (live is not null)
                {
                    break;
                }

                live = await feed.Join(ct);
            }

            while (time.GetElapsedTime(begun) < MaxAge)
            {
                var place = feed.Place;
                if (live.Reader.TryRead(out var change))
                {
                    if (at.IsBefore(change))
                    {
                        foreach (var what in Events(change, at))
                        {
                            yield return what;
                        }

                        at = After(change);
                    }

                    continue;
                }

                if (live.Reader.Completion.IsCompleted)
                {
                    yield break;
                }

                if (!await HasMore(live.Reader, ct))
                {
                    at = Later(at, place ?? at);
                    yield return new ServerEvent(at.Encode(tenantId), null, null);
                }
            }
        }
        finally
        {
            Leave(tenantId, feed, live);
        }

        IEnumerable<ServerEvent> Events(RunChange change, FeedPosition seen) =>
            agentId is null || change.AgentId == agentId ? change.Events(tenantId, viewer, seen.SeenOf(change)) : [];
    }

    /// <summary>Where the stream begins: where the reader was, or now.</summary>
    async Task<(FeedPosition At, bool IsReset)> Begin(Guid tenantId, string? lastEventId, CancellationToken ct)
    {
        var now = await reader.Next(tenantId, FeedPosition.Beyond, ct);
        if (string.IsNullOrEmpty(lastEventId))
        {
            return (now.Horizon, false);
        }

        return FeedPosition.Decode(tenantId, lastEventId) is { } known && known.Xid <= now.End && known.At > now.Horizon.At - Resumable
            ? (known, false)
            : (now.Horizon, true);
    }

    /// <returns>False when nothing came for so long that the reader should hear a sign of life.</returns>
    static async Task<bool> HasMore(ChannelReader<RunChange> live, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Sign);
        try
        {
            await live.WaitToReadAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    void Leave(Guid tenantId, RunFeed feed, Channel<RunChange>? live)
    {
        if (live is not null)
        {
            feed.Leave(live);
        }

        lock (gate)
        {
            var streams = feeds[tenantId].Streams - 1;
            if (streams == 0)
            {
                feeds.Remove(tenantId);
            }
            else
            {
                feeds[tenantId] = (feed, streams);
            }
        }
    }

    static FeedPosition After(RunChange change) => new(change.Xid, change.Id, int.MaxValue, change.At);

    static FeedPosition Later(FeedPosition a, FeedPosition b) => a.IsBefore(b) ? b : a;
}
