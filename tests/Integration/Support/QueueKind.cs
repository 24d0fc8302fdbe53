namespace AgentPlatform.Integration.Support;

/// <summary>What tells workers of runs that wait.</summary>
public enum QueueKind
{
    Postgres,
    RabbitMq,
}
