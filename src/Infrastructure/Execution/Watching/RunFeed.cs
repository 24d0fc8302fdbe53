using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>
/// A tenant's changes as they become settled, read once for all who listen on this node, and only while somebody does.
/// A reader that does not keep up is cut off; it comes back with the last event that it saw.
/// </summary>
sealed class RunFeed(Guid tenantId, RunChangeReader reader, ILogger log)
{
    /// <summary>Changes that wait for one reader; each is a commit's worth.</summary>
    const int Buffer = 256;

    static readonly TimeSpan Rhythm = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly List<Channel<RunChange>> readers = [];
    volatile FeedPosition? place;
    Loop? loop;

    /// <summary>Whoever has emptied its channel after reading this has seen everything up to here; null before the first look.</summary>
    public FeedPosition? Place => place;

    /// <summary>From the moment that this completes, every change that becomes settled goes into the channel.</summary>
    public async Task<Channel<RunChange>> Join(CancellationToken ct)
    {
        var channel = Channel.CreateBounded<RunChange>(new BoundedChannelOptions(Buffer) { SingleReader = true, SingleWriter = true });
        Task begun;
        lock (gate)
        {
            readers.Add(channel);
            if (loop is null)
            {
                loop = new Loop();
                _ = Run(loop);
            }

            begun = loop.Begun.Task;
        }

        await begun.WaitAsync(ct);
        return channel;
    }

    public void Leave(Channel<RunChange> channel)
    {
        lock (gate)
        {
            readers.Remove(channel);
            if (readers.Count == 0 && loop is { } idle)
            {
                loop = null;
                idle.HasEnded = true;
            }
        }
    }

    async Task Run(Loop mine)
    {
        var from = default(FeedPosition?);
        while (!mine.HasEnded)
        {
            try
            {
                var page = await reader.Next(tenantId, from ?? FeedPosition.Beyond, CancellationToken.None);
                if (from is not null)
                {
                    Broadcast(page.Changes);
                }

                from = page is { HasMore: true, Changes: [.., var last] } ? new FeedPosition(last.Xid, last.Id, int.MaxValue, last.At) : page.Horizon;
                place = from;
                mine.Begun.TrySetResult();
                if (!page.HasMore)
                {
                    await Task.Delay(Rhythm);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("The changes of tenant {TenantId} could not be read and are read again: {Reason}", tenantId, e.Message);
                await Task.Delay(Pause);
            }
        }
    }

    void Broadcast(IReadOnlyList<RunChange> changes)
    {
        lock (gate)
        {
            foreach (var change in changes)
            {
                foreach (var channel in readers)
                {
                    if (!channel.Writer.TryWrite(change))
                    {
                        channel.Writer.TryComplete();
                    }
                }
            }
        }
    }

    /// <summary>One life of the reading: the next reader after the last one left begins another.</summary>
    sealed class Loop
    {
        volatile bool hasEnded;

        public bool HasEnded
        {
            get => hasEnded;
            set => hasEnded = value;
        }

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
