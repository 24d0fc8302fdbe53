using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Shared.Outbox;

/// <summary>
/// Brings events to their handlers, on nodes of the role scheduler. What fails is tried again after 2, 4, 8 … seconds and at most an hour;
/// after <see cref="MaxAttempts"/> times (some six hours) it is dead: kept, logged, and nobody waits for it.
/// </summary>
sealed class OutboxDispatcher(OutboxRows rows, IEnumerable<IOutboxHandler> handlers, TimeProvider time, ILogger<OutboxDispatcher> log)
    : PeriodicJob(TimeSpan.FromMilliseconds(250), time, log, retry: TimeSpan.FromSeconds(1))
{
    public const int MaxAttempts = 16;

    static readonly TimeSpan CleanUp = TimeSpan.FromHours(1);
    static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    readonly List<IOutboxHandler> handlers = [.. handlers];
    long cleaned = time.GetTimestamp();

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

    public override async Task DoOnce(CancellationToken ct)
    {
        await DispatchAll(ct);
        if (Time.GetElapsedTime(cleaned) > CleanUp)
        {
            await rows.Forget(ct);
            cleaned = Time.GetTimestamp();
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
            Log.Log(
                isDead ? LogLevel.Error : LogLevel.Warning, e, "Event {EventId} of tenant {TenantId} failed at {Handler} for the {Attempts}. time", delivery.Event.Id,
                delivery.Event.TenantId, delivery.Handler, delivery.Attempts);
            await rows.Failed(delivery, e.Message, isDead, WaitAfter(delivery.Attempts), ct);
            return null;
        }
    }

    static TimeSpan WaitAfter(int attempts) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts), MaxWait.TotalSeconds));
}
