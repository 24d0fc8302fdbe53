namespace AgentPlatform.Integration.Support;

/// <summary>Something costly that tests share: started by the first who asks, awaited by all.</summary>
sealed class Once<T>(Func<Task<T>> start)
{
    readonly Lock gate = new();
    Task<T>? started;

    public bool IsStarted => started is not null;

    public Task<T> Value()
    {
        lock (gate)
        {
            return started ??= start();
        }
    }
}
