namespace AgentPlatform.Integration.Support;

/// <summary>Something costly that tests share: started by the first who asks, awaited by all.</summary>
sealed class Once<T>(Func<Task<T>> start)
{
    readonly Lock gate = new();
    Task<T>? started;

    /// <summary>Whether there is something to stop: somebody asked for it, and it started.</summary>
    public bool HasStarted => started is { IsCompletedSuccessfully: true };

    public Task<T> Value()
    {
        lock (gate)
        {
            return started ??= start();
        }
    }
}
