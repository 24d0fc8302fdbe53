namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Wakes the claimer; several calls before it looks are one.</summary>
sealed class QueueSignal : IDisposable
{
    readonly SemaphoreSlim semaphore = new(0, 1);

    public void Wake()
    {
        lock (semaphore)
        {
            if (semaphore.CurrentCount == 0)
            {
                semaphore.Release();
            }
        }
    }

    /// <summary>Returns when woken, or after <paramref name="atMost"/>.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken ct) => semaphore.WaitAsync(atMost, ct);

    public void Dispose() => semaphore.Dispose();
}
