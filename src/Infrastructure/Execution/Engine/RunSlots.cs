namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>How many runs this node executes at once. Counted without locks: the intake asks for every batch.</summary>
sealed class RunSlots(int size)
{
    int free = size;
    volatile bool closed;

    public int Free => closed ? 0 : Volatile.Read(ref free);

    public int Busy => size - Volatile.Read(ref free);

    /// <summary>Takes up to <paramref name="wanted"/> slots.</summary>
    /// <returns>How many were free.</returns>
    public int Take(int wanted)
    {
        while (true)
        {
            var before = Volatile.Read(ref free);
            var taken = closed ? 0 : Math.Min(before, wanted);
            if (taken == 0 || Interlocked.CompareExchange(ref free, before - taken, before) == before)
            {
                return taken;
            }
        }
    }

    public void Release(int count) => Interlocked.Add(ref free, count);

    /// <summary>From now on no slot is given out; those that are taken come back as their runs end.</summary>
    public void Close() => closed = true;
}
