namespace AgentPlatform.Domain.Shared;

/// <summary>Something that happened and that other modules may want to know. Past tense, immutable, small.</summary>
public interface IDomainEvent
{
    Guid TenantId { get; }
}
