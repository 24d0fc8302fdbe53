namespace AgentPlatform.Integration.Support;

/// <summary>One RabbitMQ node for all tests of a run, started when the first asks for it; every database has a queue of its own.</summary>
static class RabbitFixture
{
    static readonly Once<RabbitServer> Server = new(RabbitServer.Start);

    public static Task<RabbitServer> Running() => Server.Value();

    /// <summary>The program's settings for that kind of queue.</summary>
    public static async Task<Dictionary<string, string?>> Settings(QueueKind kind, RabbitServer? server = null) => kind is QueueKind.Postgres
        ? new(StringComparer.Ordinal)
        : new(StringComparer.Ordinal)
        {
            ["Queue:Kind"] = "rabbitmq",
            ["Queue:Url"] = (server ?? await Running()).Url,
            ["Queue:Name"] = $"test-{Guid.CreateVersion7():n}",
            // So long that a test fails where no message comes.
            ["Queue:FallbackSeconds"] = "120",
            ["Queue:AnnounceAgainSeconds"] = "5",
        };

    internal static async Task Stop()
    {
        if (Server.HasStarted)
        {
            await (await Running()).DisposeAsync();
        }
    }
}
