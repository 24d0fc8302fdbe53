namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>How many runs this node executes at once. Counted without locks: the intake asks for every batch.</summary>
/// <remarks>An eighth as many again are spare: for tenants that hold less than their part while others hold it all.</remarks>
sealed class RunSlots(int size)
{
    readonly int spare = size == 0 ? 0 : Math.Max(1, size / 8);

    // Counts what is taken, so that the size stays the only number to know.
    int busy;
    volatile bool closed;

    public int Free => closed ? 0 : Math.Max(0, size - Volatile.Read(ref busy));

    /// <summary>Whether this node executes runs at all.</summary>
    public bool AreOpen => !closed && size > 0;

    public int Busy => Volatile.Read(ref busy);

    /// <summary>Takes up to <paramref name="wanted"/> slots.</summary>
    /// <returns>How many were free.</returns>
    public int Take(int wanted) => Take(wanted, size);

    /// <summary>As <see cref="Take(int)"/>, and of the spare ones besides.</summary>
    public int TakeSpare(int wanted) => Take(wanted, size + spare);

    public void Release(int count) => Interlocked.Add(ref busy, -count);

    /// <summary>From now on no slot is given out; those that are taken come back as their runs end.</summary>
    public void Close() => closed = true;

    int Take(int wanted, int all)
    {
        while (true)
        {
            var before = Volatile.Read(ref busy);
            var taken = closed ? 0 : Math.Clamp(all - before, 0, wanted);
            if (taken == 0 || Interlocked.CompareExchange(ref busy, before + taken, before) == before)
            {
                return taken;
            }
        }
    }
}
