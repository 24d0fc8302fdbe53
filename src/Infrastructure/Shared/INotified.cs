namespace AgentPlatform.Infrastructure.Shared;

/// <summary>
/// Keeps a copy of something that the database holds, and is told when it changes: whoever changes it says so in the same transaction with
/// <c>select pg_notify('data_changed', 'topic:' || …)</c>. Each topic has one such keeper.
/// </summary>
interface INotified
{
    /// <summary>What the payload begins with, before the first colon.</summary>
    string Topic { get; }

    /// <summary>Called on the listening connection's own thread: drops what is old, and asks nothing.</summary>
    /// <param name="what">The payload after the topic's colon.</param>
    void Told(string what);

    /// <summary>The connection was opened, for the first time or again: whatever was told before is lost.</summary>
    void Lost();
}
