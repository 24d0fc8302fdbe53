using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Starts, adopts and stops the server of one cluster. Called under the start lock.</summary>
sealed class Postmaster(EmbeddedLayout layout, PostgresBinaries binaries, ILogger log)
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>Fast: open transactions are rolled back, everything committed is written, the next start needs no recovery.</summary>
    string[] StopArguments => ["stop", "-D", layout.Cluster, "-m", "fast", "-w", "-t", "120"];

    /// <summary>Starts the server unless it runs already.</summary>
    /// <returns>The directory of its socket: one that runs already may have been started with another.</returns>
    public async Task<string> EnsureRunning(EmbeddedSettings settings, CancellationToken ct)
    {
        var found = PostmasterFile.Read(layout.Cluster);
        while (found.State == PostmasterState.Stopping)
        {
            await Task.Delay(Poll, ct);
            found = PostmasterFile.Read(layout.Cluster);
        }
        if (found.State == PostmasterState.None)
        {
            PostmasterFile.RemoveIfStale(layout.Cluster);
            await settings.Write(layout.Cluster, ct);
            EmbeddedSettings.RotateLog(layout.Log);
            await Launch(ct);
        }
        else
        {
            log.LogInformation("Using the database that already runs in {Cluster} (process {Pid})", layout.Cluster, found.Pid);
            await Ready(ct);
        }
        return PostmasterFile.Read(layout.Cluster).SocketDirectory ?? settings.SocketDirectory;
    }

    public async Task Stop()
    {
        if (PostmasterFile.Read(layout.Cluster).State == PostmasterState.None)
        {
            return;
        }
        await layout.Command.Run(binaries.PgCtl, StopArguments, CancellationToken.None);
        log.LogInformation("The database has stopped");
    }

    /// <summary>
    /// pg_ctl puts the server into a session of its own, so that Ctrl-C in our terminal reaches us alone. It looks every 100 ms whether the
    /// server is ready; the pid file is looked at every 5 ms here, and pg_ctl is asked only whether the server has died.
    /// </summary>
    async Task Launch(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var control = layout.Command.Try(
                binaries.PgCtl, ["start", "-D", layout.Cluster, "-l", layout.Log, "-s", "-w", "-t", "900"], CancellationToken.None);
            try
            {
                while (!control.IsCompleted)
                {
                    if (PostmasterFile.Read(layout.Cluster).State == PostmasterState.Ready)
                    {
                        return;
                    }
                    await Task.Delay(Poll, ct);
                }
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C in the middle of a start leaves no server behind, whether it had come up already or was still recovering.
                await layout.Command.Try(binaries.PgCtl, StopArguments, CancellationToken.None);
                await control;
                await layout.Command.Try(binaries.PgCtl, StopArguments, CancellationToken.None);
                throw;
            }
            var (code, _, error) = await control;
            if (code == 0)
            {
                return;
            }
            var tail = EmbeddedSettings.LogTail(layout.Log);
            // After a kill -9 of the server its backends live until they notice, and hold the shared memory for so long.
            if (attempt > 50 || !tail.Contains("is still in use", StringComparison.Ordinal))
            {
                throw new DatabaseStartException($"PostgreSQL did not start ({error.Trim()}); the end of {layout.Log} says why: {tail}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    async Task Ready(CancellationToken ct)
    {
        while (PostmasterFile.Read(layout.Cluster) is var found && found.State != PostmasterState.Ready)
        {
            if (found.State == PostmasterState.None)
            {
                throw new DatabaseStartException($"The database in {layout.Cluster} stopped while it was being waited for; start again.");
            }
            await Task.Delay(Poll, ct);
        }
    }
}
