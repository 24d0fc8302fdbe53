using AgentPlatform.Application.Execution;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Waits for a run on behalf of a caller who asked for <c>?wait=true</c>, or whose run answers by itself.</summary>
static class RunWaiter
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <returns>The finished run, or null when it takes longer than 30 seconds.</returns>
    public static async Task<RunView?> Wait(StartedRun started, IMediator mediator, CancellationToken ct) =>
        (await Wait(started, responds: false, mediator, Patience, ct)).Finished;

    /// <returns>The finished run, or null when it takes longer than that.</returns>
    public static async Task<RunView?> Wait(StartedRun started, IMediator mediator, TimeSpan patience, CancellationToken ct) =>
        (await Wait(started, responds: false, mediator, patience, ct)).Finished;

    /// <param name="responds">The run may answer before it ends; then that answer is waited for as well.</param>
    /// <returns>What came first; neither when both take longer than 30 seconds.</returns>
    public static Task<(RunView? Finished, RunResponse? Response)> Wait(StartedRun started, bool responds, IMediator mediator, CancellationToken ct) =>
        Wait(started, responds, mediator, Patience, ct);

    static async Task<(RunView? Finished, RunResponse? Response)> Wait(StartedRun started, bool responds, IMediator mediator, TimeSpan atMost, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(atMost);
        try
        {
            if (started.Finished is { } finished)
            {
                // Cancelled when this node had to give the run up: then somebody else ends it.
                var first = started.Responded is { } responded ? Task.WhenAny(responded, finished) : finished;
                await first.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (started.Responded is { IsCompletedSuccessfully: true } answered)
                {
                    return (null, RunResponse.Read(await answered));
                }
            }

            while (true)
            {
                // Before the run itself: one that has ended may have answered just before.
                if (responds && await mediator.Send(new GetRunResponse(started.Id), patience.Token) is { IsOk: true } response)
                {
                    return (null, response.Value);
                }

                var run = await mediator.Send(new GetRun(started.Id), patience.Token);
                if (run is { IsOk: true, Value.FinishedAt: not null })
                {
                    return (run.Value, responds && await mediator.Send(new GetRunResponse(started.Id), patience.Token) is { IsOk: true } last ? last.Value : null);
                }

                await Task.Delay(Poll, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return default;
        }
    }
}
