using RabbitMQ.Client;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>
/// One connection to RabbitMQ and its quorum queue. Whatever goes wrong ends the whole of it: the broker then gives what was not acknowledged to others,
/// and a new session begins from nothing.
/// </summary>
/// <exception cref="BrokerException">From all members: the session is of no use any more.</exception>
sealed class RabbitSession : IAsyncDisposable
{
    /// <summary>What waits in the broker is short: its order cannot be changed any more, and who comes later must not wait behind a flood.</summary>
    const int MaxLine = 1024;

    const uint MaxMessage = 4096;

    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    readonly QueueOptions options;
    readonly IConnection connection;
    IChannel publisher = null!;
    IChannel consumer = null!;
    Arrivals? arrivals;
    volatile bool blocked;

    RabbitSession(QueueOptions options, IConnection connection)
    {
        this.options = options;
        this.connection = connection;
        connection.ConnectionBlockedAsync += (_, _) => Block(true);
        connection.ConnectionUnblockedAsync += (_, _) => Block(false);
    }

    /// <summary>False also while the broker takes no messages because its memory or disk is full.</summary>
    public bool IsUsable => connection.IsOpen && publisher.IsOpen && consumer.IsOpen && !blocked;

    /// <summary>How many messages have come and were not taken yet.</summary>
    public int Arrived => arrivals?.Count ?? 0;

    public static async Task<RabbitSession> Open(QueueOptions options, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = options.Broker!,
            ClientProvidedName = "agentplatform",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = options.Patience,
            HandshakeContinuationTimeout = options.Patience,
            ContinuationTimeout = options.Patience,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            MaxInboundMessageBodySize = MaxMessage,
        };
        RabbitSession? session = null;
        try
        {
            session = new RabbitSession(options, await factory.CreateConnectionAsync(ct));
            await session.Begin(ct);
            return session;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            throw new BrokerException(e.Message, e);
        }
    }

    /// <summary>How many runs more may be announced.</summary>
    public Task<int> Room(CancellationToken ct) => Ask(async token => (int)Math.Max(0, MaxLine - (long)await publisher.MessageCountAsync(options.Name, token)), ct);

    /// <summary>Returns when the broker has all of them for good.</summary>
    public Task Publish(IReadOnlyList<ReadyRun> runs, CancellationToken ct) => Ask(async token =>
    {
        var properties = new BasicProperties { ContentType = "text/plain", DeliveryMode = DeliveryModes.Persistent };
        var sent = new List<Task>(runs.Count);
        foreach (var run in runs)
        {
            sent.Add(publisher.BasicPublishAsync(exchange: "", options.Name, mandatory: true, properties, run.ToMessage(), token).AsTask());
        }

        await Task.WhenAll(sent);
        return sent.Count;
    }, ct);

    /// <summary>Has up to <paramref name="wanted"/> messages delivered at a time.</summary>
    public async Task Subscribe(int wanted, CancellationToken ct)
    {
        // One that began when little was free would go on in small bites.
        if (arrivals is not null && arrivals.Prefetch * 2 >= wanted)
        {
            return;
        }

        await Unsubscribe(ct);
        var next = new Arrivals(consumer, (ushort)wanted);
        await Ask(async token =>
        {
            await consumer.BasicQosAsync(prefetchSize: 0, (ushort)wanted, global: false, token);
            return await consumer.BasicConsumeAsync(options.Name, autoAck: false, next, token);
        }, ct);
        arrivals = next;
    }

    /// <summary>Gives what was delivered and not acknowledged to others.</summary>
    public async Task Unsubscribe(CancellationToken ct)
    {
        if (arrivals is not { } former)
        {
            return;
        }

        arrivals = null;
        await Ask(async token =>
        {
            foreach (var tag in former.ConsumerTags)
            {
                await consumer.BasicCancelAsync(tag, noWait: false, token);
            }

            // 0 means all.
            await consumer.BasicNackAsync(deliveryTag: 0, multiple: true, requeue: true, token);
            return true;
        }, ct);
    }

    /// <summary>Returns when a message has come.</summary>
    public async Task Arrival(CancellationToken ct)
    {
        if (!await arrivals!.Wait(ct))
        {
            throw new BrokerException($"The broker ended the subscription: {consumer.CloseReason?.ReplyText ?? "the queue is gone"}.");
        }
    }

    public List<Delivery> Take(int atMost) => arrivals!.Take(atMost);

    /// <summary>The message is done with, and all before it.</summary>
    public Task Settle(Delivery last, CancellationToken ct) => Ask(async token =>
    {
        await consumer.BasicAckAsync(last.Tag, multiple: true, token);
        return true;
    }, ct);

    public async ValueTask DisposeAsync()
    {
        await connection.AbortAsync(Farewell);
        await connection.DisposeAsync();
    }

    async Task Begin(CancellationToken ct)
    {
        // Batches are bounded by who calls: the client's own limiter would slow them down.
        publisher = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), ct);
        consumer = await connection.CreateChannelAsync(cancellationToken: ct);
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        await consumer.QueueDeclareAsync(options.Name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: ct);
    }

    async Task<T> Ask<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The subscription hears of it and ends.
            await connection.AbortAsync(Farewell);
            throw new BrokerException(patience.IsCancellationRequested ? $"The broker did not answer in {options.Patience.TotalSeconds} s." : e.Message, e);
        }
    }

    Task Block(bool now)
    {
        blocked = now;
        return Task.CompletedTask;
    }
}
