using AgentPlatform.Infrastructure.Execution.Dispatch;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Starts the engine with the program and ends it in order: nothing new is taken, what is under way may finish, the rest is given back
/// so that other nodes go on at once.
/// </summary>
sealed class EngineHost(
    NodeLease lease, Notifications notifications, IRunDispatch dispatch, Intake intake, Finisher finisher, Checkpoints checkpoints, Parker parker, RunWaker waker, RunSlots slots, ActiveRuns active, Backlog backlog,
    EngineOptions options, NodeRoles roles, ILogger<EngineHost> log) : IHostedLifecycleService, IAsyncDisposable
{
    readonly CancellationTokenSource stopping = new();
    Task[] loops = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await lease.Begin(cancellationToken);
        finisher.Open();
        checkpoints.Open();
        parker.Open();
        intake.Open();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loops = [Guard(lease.Keep), Guard(ct => notifications.Listen(listening, ct)), Guard(waker.Run), Guard(backlog.Run), .. roles.IsWorker ? [Guard(dispatch.Run)] : Array.Empty<Task>()];

        // Caches may only be filled once somebody listens for what changes.
        await listening.Task.WaitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the web server has answered its last request, so that everything accepted has been stored.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        slots.Close();
        await intake.DisposeAsync();
        await Drain(cancellationToken);
        await stopping.CancelAsync();
        await Task.WhenAll(loops);
        lease.Current.Lose();
        await checkpoints.DisposeAsync();
        await parker.DisposeAsync();
        await finisher.DisposeAsync();
        await lease.End(CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        stopping.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task Drain(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Drain);
        while (active.Count > 0 && !patience.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        if (active.Count > 0)
        {
            log.LogInformation("{Count} runs are given back to be continued elsewhere", active.Count);
        }
    }

    /// <summary>A loop that ends by anything but our stop would leave a node that looks alive and does nothing.</summary>
    async Task Guard(Func<CancellationToken, Task> loop)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await loop(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogCritical(e, "A loop of the engine broke and is started again");
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    }
}
