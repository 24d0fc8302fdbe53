using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Outbox;

/// <summary>
/// Brings events to their handlers, on nodes of the role scheduler. What fails is tried again after 2, 4, 8 … seconds and at most an hour;
/// after <see cref="MaxAttempts"/> times (some six hours) it is dead: kept, logged, and nobody waits for it.
/// </summary>
sealed class OutboxDispatcher(OutboxRows rows, IEnumerable<IOutboxHandler> handlers, TimeProvider time, ILogger<OutboxDispatcher> log) : BackgroundService
{
    public const int MaxAttempts = 16;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan CleanUp = TimeSpan.FromHours(1);
    static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    readonly List<IOutboxHandler> handlers = [.. handlers];

    /// <summary>Everything that is due now, and what comes of it at once.</summary>
    public async Task DispatchAll(CancellationToken ct)
    {
        while (await rows.HandOut(handlers, ct))
        {
        }

        while (await rows.Take(ct) is { Count: > 0 } taken)
        {
            var delivered = await Task.WhenAll(taken.Select(delivery => Deliver(delivery, ct)));
            await rows.Done([.. delivered.OfType<OutboxDelivery>()], ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cleaned = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DispatchAll(stoppingToken);
                if (time.GetElapsedTime(cleaned) > CleanUp)
                {
                    await rows.Forget(stoppingToken);
                    cleaned = time.GetTimestamp();
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Events wait a little: {Reason}", e.Message);
            }

            await Task.Delay(Poll, time, stoppingToken);
        }
    }

    /// <returns>The delivery when it was handled; null when it failed and that is written down.</returns>
    async Task<OutboxDelivery?> Deliver(OutboxDelivery delivery, CancellationToken ct)
    {
        try
        {
            if (handlers.Find(handler => handler.Name == delivery.Handler) is { } handler)
            {
                await handler.Handle(delivery.Event, ct);
            }

            // A handler that this version no longer has: nobody is left to be told.
            return delivery;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var isDead = delivery.Attempts >= MaxAttempts;
            log.Log(
                isDead ? LogLevel.Error : LogLevel.Warning, e, "Event {EventId} of tenant {TenantId} failed at {Handler} for the {Attempts}. time", delivery.Event.Id,
                delivery.Event.TenantId, delivery.Handler, delivery.Attempts);
            await rows.Failed(delivery, e.Message, isDead, WaitAfter(delivery.Attempts), ct);
            return null;
        }
    }

    static TimeSpan WaitAfter(int attempts) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts), MaxWait.TotalSeconds));
}
