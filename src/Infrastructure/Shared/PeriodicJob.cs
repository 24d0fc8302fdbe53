using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>
/// Work that is done now and then for as long as the program runs. Whatever it throws is logged and it is done again later: an exception that
/// leaves a background service would stop the whole program.
/// </summary>
/// <param name="rhythm">From the end of one time to the start of the next.</param>
/// <param name="retry">The same after a time that failed; <paramref name="rhythm"/> when not given.</param>
abstract class PeriodicJob(TimeSpan rhythm, TimeProvider time, ILogger log, TimeSpan? retry = null) : BackgroundService
{
    protected ILogger Log => log;

    protected TimeProvider Time => time;

    public abstract Task DoOnce(CancellationToken ct);

    /// <summary>The world's fault and not ours: told in one line instead of with its stack.</summary>
    protected virtual bool IsExpected(Exception e) => e is NpgsqlException or TimeoutException or IOException;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = rhythm;
            try
            {
                await DoOnce(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                pause = retry ?? rhythm;
                if (IsExpected(e))
                {
                    log.LogWarning("{Job} failed and is done again in {Pause}: {Reason}", GetType().Name, pause, e.Message);
                }
                else
                {
                    log.LogError(e, "{Job} broke and is done again in {Pause}", GetType().Name, pause);
                }
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
