using AgentPlatform.Infrastructure.Execution.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Work on runs that nobody waits for, done in short transactions. Every node may do it at once: each takes what no other has locked.</summary>
interface IChore
{
    /// <returns>Whether more may be left to do.</returns>
    Task<bool> DoSome(CancellationToken ct);
}

/// <summary>Wakes the chores: somebody left something to do. Nodes are told by the channel of the same name.</summary>
sealed class ChoreSignal : IDisposable
{
    readonly QueueSignal signal = new();

    public void Wake() => signal.Wake();

    public Task Wait(TimeSpan atMost, CancellationToken ct) => signal.Wait(atMost, ct);

    public void Dispose() => signal.Dispose();
}

/// <summary>Does the chores in turn, a batch of each, until nothing is left; then when it is woken, or by the slow poll that time asks for.</summary>
sealed class Chores(IEnumerable<IChore> chores, ChoreSignal signal, EngineOptions options, ILogger<Chores> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            foreach (var chore in chores)
            {
                more |= await Do(chore, stoppingToken);
            }

            if (!more)
            {
                await signal.Wait(options.Poll, stoppingToken);
            }
        }
    }

    /// <summary>One chore that cannot be done must not keep back the others; it is tried again with the next poll.</summary>
    async Task<bool> Do(IChore chore, CancellationToken ct)
    {
        try
        {
            return await chore.DoSome(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            if (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("{Chore} is done a little later: {Reason}", chore.GetType().Name, e.Message);
            }
            else
            {
                log.LogError(e, "{Chore} failed", chore.GetType().Name);
            }

            return false;
        }
    }
}
