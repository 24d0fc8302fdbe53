using System.Diagnostics;
using AgentPlatform.Infrastructure.Execution.Engine;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>
/// Runs that wait are announced through RabbitMQ, and workers take those that they are told of. The row in the database stays the truth: a message is
/// only a hint, so one that is lost is sent again, one that comes twice takes nothing, and while the broker is away nodes take from the database.
/// </summary>
sealed class RabbitDispatch(
    Claimer claimer, NamedClaim claims, Announcing announcing, RunSlots slots, NodeLease lease, QueueSignal signal, EngineOptions engine, QueueOptions options, ILogger<RabbitDispatch> log) : IRunDispatch
{
    /// <summary>While the broker has enough.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    volatile RabbitSession? session;
    long answered = Stopwatch.GetTimestamp();
    bool direct;

    public Task Run(CancellationToken ct) => Task.WhenAll(ServeQueue(ct), ServeBroker(ct));

    /// <summary>Announces what waits, or takes it directly when nobody can be told.</summary>
    async Task ServeQueue(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var pause = engine.Poll;
            try
            {
                pause = session is { IsUsable: true } broker ? await Announce(broker, ct) : await TakeDirectly(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("Runs could not be announced and are again: {Reason}", e.Message);
            }

            await signal.Wait(pause, ct);
        }
    }

    async Task<TimeSpan> Announce(RabbitSession broker, CancellationToken ct)
    {
        var room = Math.Min(await broker.Room(ct), Claimer.MaxBatch);
        var runs = room > 0 ? await announcing.Next(room, ct) : [];
        if (runs.Count > 0)
        {
            await broker.Publish(runs, ct);
            EngineMetrics.Announced.Add(runs.Count);
        }

        answered = Stopwatch.GetTimestamp();
        if (direct)
        {
            direct = false;
            log.LogInformation("The broker answers again, and runs are announced through it");
        }

        return room == 0 ? Rest : runs.Count > 0 ? TimeSpan.Zero : engine.Poll;
    }

    async Task<TimeSpan> TakeDirectly(CancellationToken ct)
    {
        if (Stopwatch.GetElapsedTime(answered) < options.Patience)
        {
            return Rest;
        }

        if (!direct)
        {
            direct = true;
            log.LogError("The broker has not answered for {Seconds} s: runs are taken from the database until it does", options.Patience.TotalSeconds);
        }

        return await claimer.ClaimSome(EngineMetrics.TakenDirectly, ct) ? Claimer.Breath : engine.Poll;
    }

    /// <summary>Takes what the broker delivers; a session that breaks is followed by another.</summary>
    async Task ServeBroker(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var broker = await RabbitSession.Open(options, ct);
                session = broker;
                signal.Wake();
                await Consume(broker, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                EngineMetrics.BrokerFailures.Add(1);
                log.LogWarning("The session with the broker ended and another is begun: {Reason}", e.Message);
            }
            finally
            {
                session = null;
            }

            await Task.Delay(engine.Poll, ct);
        }
    }

    async Task Consume(RabbitSession broker, CancellationToken ct)
    {
        while (true)
        {
            if (CanTake)
            {
                await broker.Subscribe(Math.Clamp(slots.Free, 1, Claimer.MaxBatch), ct);
                await broker.Arrival(ct);
                await TakeArrived(broker, ct);
            }
            else
            {
                await Task.Delay(Claimer.Breath, ct);
                if (!CanTake)
                {
                    // Others may have room for what lies here.
                    await broker.Unsubscribe(ct);
                }
            }
        }
    }

    bool CanTake => slots.Free > 0 && !claimer.IsHeld && !lease.Current.Lost.IsCancellationRequested;

    async Task TakeArrived(RabbitSession broker, CancellationToken ct)
    {
        var node = lease.Current;
        var reserved = claimer.IsHeld || node.Lost.IsCancellationRequested ? 0 : slots.Take(Math.Min(broker.Arrived, Claimer.MaxBatch));
        if (reserved == 0)
        {
            return;
        }

        var started = 0;
        try
        {
            var arrived = broker.Take(reserved);
            var claimed = await claims.Claim(node, [.. arrived.Select(delivery => delivery.Run).OfType<ReadyRun>()], ct);
            EngineMetrics.ClaimSize.Record(claimed.Count);
            EngineMetrics.TakenInVain.Add(arrived.Count - claimed.Count);
            started = await claimer.Begin(claimed, node, ct);

            // Only now: had the claim failed, the message would come again.
            await broker.Settle(arrived[^1], ct);
        }
        finally
        {
            slots.Release(reserved - started);
        }
    }
}
