using System.Text.Json;

namespace AgentPlatform.Infrastructure.Shared.Outbox;

/// <summary>
/// Somebody to whom events matter. Each event reaches each of its handlers at least once: one that was told twice must do the same as one that was
/// told once. An exception means "again later".
/// </summary>
interface IOutboxHandler
{
    /// <summary>Stands in <c>outbox_deliveries.handler</c>: it never changes.</summary>
    string Name { get; }

    bool Handles(string type);

    Task Handle(OutboxEvent told, CancellationToken ct);
}

/// <param name="Type">What happened; of an agent's event its topic.</param>
/// <param name="Key">To whom or what; of an agent's event the run that emitted it.</param>
sealed record OutboxEvent(Guid TenantId, Guid Id, string Type, string Key, JsonElement Payload, DateTimeOffset CreatedAt);
