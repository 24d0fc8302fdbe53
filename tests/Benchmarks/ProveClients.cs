using System.Net.Sockets;

namespace AgentPlatform.Benchmarks;

/// <summary>Senders that write down what they were told. Nothing is sent twice while the load goes on, so that every answer counts.</summary>
sealed class ProveClients(ProveServers servers, IReadOnlyList<Target> targets) : IDisposable
{
    /// <summary>A stopped server answers nobody: then the outcome is unknown.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource stopping = new();
    Task<List<Delivery>>[] clients = [];

    public void Start(int count, string name) => clients = [.. Enumerable.Range(0, count).Select(n => Task.Run(() => Send(n, name)))];

    public async Task<List<Delivery>> Stop()
    {
        await stopping.CancelAsync();
        return [.. (await Task.WhenAll(clients)).SelectMany(sent => sent)];
    }

    /// <summary>Sends the delivery once more, as a sender does that knows nothing of its fate.</summary>
    public async Task<Delivery> Resend(Delivery delivery)
    {
        using var connection = Connect(delivery.Client);
        var (_, run) = await connection.Deliver(delivery.Id, CancellationToken.None);
        return delivery with { Again = run };
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    async Task<List<Delivery>> Send(int n, string name)
    {
        // Every third client's agent is pure; the others' call the sink, half of them with a wait in between.
        var hasEffects = n % targets.Count != 1;
        var sent = new List<Delivery>();
        WebhookConnection? connection = null;
        Uri? to = null;
        while (!stopping.IsCancellationRequested)
        {
            if (to != servers.Address(n))
            {
                connection?.Dispose();
                connection = null;
                to = servers.Address(n);
            }

            try
            {
                connection ??= Connect(n);
            }
            catch (SocketException)
            {
                // Nobody listens: nothing was sent.
                await Task.Delay(10);
                continue;
            }

            var delivery = await Deliver(connection, $"{name}-{n}-{sent.Count}", hasEffects);
            delivery = delivery with { Client = n };
            sent.Add(delivery);
            if (delivery.Outcome is DeliveryOutcome.Unknown)
            {
                connection.Dispose();
                connection = null;
            }

            await Task.Delay(Random.Shared.Next(80));
        }

        connection?.Dispose();
        return sent;
    }

    WebhookConnection Connect(int n) => new(targets[n % targets.Count] with { Address = servers.Address(n) }, "", wait: false);

    static async Task<Delivery> Deliver(WebhookConnection connection, string id, bool hasEffects)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var (status, run) = await connection.Deliver(id, patience.Token);
            var outcome = status switch { < 300 => DeliveryOutcome.Accepted, < 500 => DeliveryOutcome.Refused, _ => DeliveryOutcome.Unknown };
            return outcome is DeliveryOutcome.Accepted && run is null
                ? throw new InvalidOperationException($"{id} was answered with {status} and without a run.")
                : new Delivery(id, hasEffects, outcome, outcome is DeliveryOutcome.Accepted ? run : null);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return new Delivery(id, hasEffects, DeliveryOutcome.Unknown, null);
        }
    }
}
