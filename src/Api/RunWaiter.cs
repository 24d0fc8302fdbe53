using AgentPlatform.Application.Execution;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Waits for a run on behalf of a caller who asked for <c>?wait=true</c>.</summary>
static class RunWaiter
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <returns>The finished run, or null when it takes longer than 30 seconds.</returns>
    public static async Task<RunView?> Wait(StartedRun started, IMediator mediator, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            if (started.Finished is { } finished)
            {
                // Cancelled when this node had to give the run up: then somebody else ends it.
                await finished.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (true)
            {
                var run = await mediator.Send(new GetRun(started.Id), patience.Token);
                if (run is { IsOk: true, Value.FinishedAt: not null })
                {
                    return run.Value;
                }

                await Task.Delay(Poll, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
