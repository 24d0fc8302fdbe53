using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>One subscription to the broker's queue: what it delivers waits here, never more than <paramref name="prefetch"/>.</summary>
sealed class Arrivals(IChannel channel, ushort prefetch) : AsyncDefaultBasicConsumer(channel)
{
    // Not one for a single reader: those cannot be counted.
    readonly Channel<Delivery> waiting = System.Threading.Channels.Channel.CreateUnbounded<Delivery>();

    public int Prefetch => prefetch;

    public int Count => waiting.Reader.Count;

    /// <returns>False when nothing can come any more.</returns>
    public ValueTask<bool> Wait(CancellationToken ct) => waiting.Reader.WaitToReadAsync(ct);

    public List<Delivery> Take(int atMost)
    {
        var taken = new List<Delivery>(atMost);
        while (taken.Count < atMost && waiting.Reader.TryRead(out var delivery))
        {
            taken.Add(delivery);
        }

        return taken;
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        waiting.Writer.TryWrite(new Delivery(deliveryTag, ReadyRun.FromMessage(body.Span)));
        return Task.CompletedTask;
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        waiting.Writer.TryComplete();
        return base.HandleChannelShutdownAsync(channel, reason);
    }

    /// <summary>Also when the broker ends it: the queue was deleted, or moved.</summary>
    protected override Task OnCancelAsync(string[] consumerTags, CancellationToken cancellationToken = default)
    {
        waiting.Writer.TryComplete();
        return base.OnCancelAsync(consumerTags, cancellationToken);
    }
}
