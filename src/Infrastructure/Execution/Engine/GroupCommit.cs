using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// A group-commit writer: whatever arrives while the last commit is under way is written in the next one, in one transaction.
/// There is no timer: an idle writer adds no delay, a busy one grows its batches until the disk's rhythm is met.
/// When a batch fails, its items are written one by one, so that a bad one fails alone.
/// </summary>
/// <remarks>
/// The writer is a thread of its own and talks to the database synchronously. On the pool each of its steps would stand in line behind the very requests that wait
/// for its commit, and the commits, which everything waits for, would be the last to get a processor.
/// </remarks>
/// <typeparam name="TItem">What is written.</typeparam>
/// <typeparam name="TAnswer">What the writer learns of each item, index by index.</typeparam>
sealed class GroupCommit<TItem, TAnswer> : IAsyncDisposable
{
    /// <summary>What metrics call this writer: what it writes.</summary>
    static readonly KeyValuePair<string, object?> Label = new("item", typeof(TItem).Name);

    readonly Channel<Pending> pending;
    readonly Func<IReadOnlyList<TItem>, IReadOnlyList<TAnswer>> write;
    readonly int maxBatch;
    readonly ILogger log;
    readonly ManualResetEventSlim wake = new(initialState: false, spinCount: 0);
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int asleep;

    /// <param name="write">Writes a batch in one transaction and answers each item; throws when nothing was stored, or nothing is known.</param>
    /// <param name="capacity">How many items may wait; beyond it <see cref="TryWrite"/> refuses.</param>
    public GroupCommit(Func<IReadOnlyList<TItem>, IReadOnlyList<TAnswer>> write, int maxBatch, int capacity, ILogger log)
    {
        this.write = write;
        this.maxBatch = maxBatch;
        this.log = log;
        pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(capacity) { SingleReader = true });
        new Thread(Run) { IsBackground = true, Name = $"{typeof(TItem).Name} writer" }.Start();
    }

    public int Waiting => pending.Reader.Count;

    /// <returns>False when the writer is full: the caller answers 429.</returns>
    public bool TryWrite(TItem item, out Task<TAnswer> answer)
    {
        var entry = new Pending(item);
        answer = entry.Answer.Task;
        var taken = pending.Writer.TryWrite(entry);
        Wake();
        return taken;
    }

    /// <summary>Waits for room instead of refusing: for work that was already accepted.</summary>
    public async Task<TAnswer> Write(TItem item, CancellationToken ct)
    {
        var entry = new Pending(item);
        await pending.Writer.WriteAsync(entry, ct);
        Wake();
        return await entry.Answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (pending.Writer.TryComplete())
        {
            wake.Set();
            await over.Task;
            wake.Dispose();
        }
    }

    /// <summary>Nearly always the writer is busy, and nobody need be told.</summary>
    void Wake()
    {
        if (Interlocked.CompareExchange(ref asleep, 0, 1) == 1)
        {
            wake.Set();
        }
    }

    void Run()
    {
        var batch = new List<Pending>(maxBatch);
        while (Gather(batch))
        {
            Measure(batch);
            batch.Clear();
        }

        over.SetResult();
    }

    /// <returns>False when there is nothing left and nothing will come.</returns>
    bool Gather(List<Pending> batch)
    {
        while (true)
        {
            var isLast = pending.Reader.Completion.IsCompleted;
            Take(batch);
            if (batch.Count > 0 || isLast)
            {
                return batch.Count > 0;
            }

            // Said first and looked at again then: what came in between is seen here, what comes later wakes us.
            wake.Reset();
            Interlocked.Exchange(ref asleep, 1);
            Take(batch);
            if (batch.Count == 0 && !pending.Reader.Completion.IsCompleted)
            {
                wake.Wait();
            }

            Volatile.Write(ref asleep, 0);
        }
    }

    void Take(List<Pending> batch)
    {
        while (batch.Count < maxBatch && pending.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
        }
    }

    void Measure(List<Pending> batch)
    {
        if (!EngineMetrics.CommitDuration.Enabled)
        {
            Write(batch);
            return;
        }

        EngineMetrics.CommitSize.Record(batch.Count, Label);
        EngineMetrics.CommitWait.Record(Stopwatch.GetElapsedTime(batch[0].Since).TotalMilliseconds, Label);
        var begun = Stopwatch.GetTimestamp();
        Write(batch);
        EngineMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, Label);
    }

    void Write(List<Pending> batch)
    {
        var items = new TItem[batch.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = batch[i].Item;
        }

        try
        {
            var answers = write(items);
            for (var i = 0; i < items.Length; i++)
            {
                batch[i].Answer.SetResult(answers[i]);
            }
        }
        catch (Exception e) when (batch.Count > 1 && e is PostgresException { IsTransient: false })
        {
            log.LogWarning(e, "A batch of {Count} failed; its items are written one by one", batch.Count);
            foreach (var entry in batch)
            {
                Write([entry]);
            }
        }
        catch (Exception e)
        {
            // The database is away, or the one item is at fault: nobody's row is better off alone.
            batch.ForEach(entry => entry.Answer.SetException(e));
        }
    }

    sealed class Pending(TItem item)
    {
        public TItem Item => item;

        public long Since { get; } = Stopwatch.GetTimestamp();

        // Continuations must not run on the writer: it would serve one caller instead of the next commit.
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
