using System.Collections.Concurrent;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// Processes that wait for code: started ahead for each language that is in use, given out once, never taken back. A language that nobody uses keeps none.
/// </summary>
sealed class SandboxPool : IAsyncDisposable, IWarn
{
    readonly SandboxOptions options;
    readonly SandboxWalls walls;
    readonly TimeProvider time;
    readonly ILogger<SandboxPool> log;
    readonly SandboxWatch watch = new();
    readonly ConcurrentDictionary<SandboxProcess, byte> all = new();
    readonly ConcurrentDictionary<string, Spares> spares = new(StringComparer.Ordinal);
    readonly SemaphoreSlim choosing = new(1);
    readonly ITimer tidying;
    string? chosen;
    string? fault;
    volatile bool isStopped;
    bool isDisposed;

    public SandboxPool(SandboxOptions options, TimeProvider time, ILogger<SandboxPool> log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        walls = new SandboxWalls(options);
        tidying = time.CreateTimer(_ => Tidy(), null, SandboxOptions.Idle, TimeSpan.FromMinutes(1));
    }

    public IEnumerable<string> Warnings =>
        !options.IsInstalled ? [NotInstalled]
        : fault is { } problem ? [$"Customers' code cannot be run: {problem}"]
        : chosen == SandboxWalls.Bare ? ["Customers' code runs without namespaces of its own, behind the interpreter's walls and the limits alone: this machine does not allow more."]
        : [];

    /// <summary>Processes that are alive, given out or waiting.</summary>
    public int Alive => all.Count;

    /// <summary>Processes of a language that wait for code.</summary>
    public int Waiting(string language) => spares.TryGetValue(language, out var mine) ? mine.Waiting.Count : 0;

    static string NotInstalled => "The sandbox for customers' code is not installed: run sandbox/install.sh (or ./build.sh run, which does), and see Sandbox__Directory.";

    /// <summary>A process of this language that waits for code.</summary>
    /// <exception cref="SandboxStartException">There is no sandbox here, or it does not start.</exception>
    public async Task<SandboxProcess> Take(string language, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(isStopped, this);
        var mine = spares.GetOrAdd(language, _ => new Spares());
        mine.UsedAt = time.GetTimestamp();
        while (mine.Waiting.TryDequeue(out var spare))
        {
            if (!spare.IsGone)
            {
                _ = Refill(language, mine);
                return spare;
            }
        }

        var started = await Start(language, ct);
        _ = Refill(language, mine);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        // It warns as well, and who keeps it in two roles disposes of it twice.
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }

        isStopped = true;
        await tidying.DisposeAsync();
        foreach (var process in all.Keys)
        {
            process.Kill();
        }

        await Task.WhenAll(all.Keys.Select(process => process.Gone));
        watch.Dispose();
        choosing.Dispose();
    }

    async Task<SandboxProcess> Start(string language, CancellationToken ct)
    {
        var process = Begin(chosen ?? await Choose(ct), language);
        try
        {
            await process.Ready.WaitAsync(ct);
            return process;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    SandboxProcess Begin(string how, string language)
    {
        var process = new SandboxProcess(walls.Start(how, language), watch, language);
        all[process] = 0;
        _ = process.Gone.ContinueWith(_ => all.TryRemove(process, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (isStopped)
        {
            process.Kill();
        }

        return process;
    }

    /// <summary>The strongest walls with which a process comes up here; found out once.</summary>
    async Task<string> Choose(CancellationToken ct)
    {
        if (!options.IsInstalled)
        {
            throw new SandboxStartException(NotInstalled);
        }

        await choosing.WaitAsync(ct);
        try
        {
            foreach (var how in chosen is null ? walls.Candidates : [])
            {
                var probe = Begin(how, "javascript");
                try
                {
                    await probe.Ready.WaitAsync(ct);
                    (chosen, fault) = (how, null);
                    log.LogInformation("Customers' code runs behind the walls {Walls}", how);
                    break;
                }
                catch (SandboxStartException e)
                {
                    fault = $"with the walls '{how}' a process said: {e.Message} (Sandbox__AllowBare=true lets code run without namespaces).";
                    log.LogWarning("No process for customers' code comes up with the walls {Walls}: {Problem}", how, e.Message);
                }
                finally
                {
                    probe.Kill();
                }
            }

            return chosen ?? throw new SandboxStartException(fault!);
        }
        finally
        {
            choosing.Release();
        }
    }

    async Task Refill(string language, Spares mine)
    {
        try
        {
            while (!isStopped && mine.Waiting.Count + mine.Coming < options.SpareOf(language))
            {
                Interlocked.Increment(ref mine.Coming);
                try
                {
                    mine.Waiting.Enqueue(await Start(language, CancellationToken.None));
                }
                finally
                {
                    Interlocked.Decrement(ref mine.Coming);
                }
            }
        }
        catch (Exception e)
        {
            // The next one who needs a process starts it and is told.
            log.LogWarning(e, "No process for {Language} could be started ahead", language);
        }
    }

    void Tidy()
    {
        foreach (var mine in spares.Values.Where(mine => time.GetElapsedTime(mine.UsedAt) > SandboxOptions.Idle))
        {
            while (mine.Waiting.TryDequeue(out var spare))
            {
                spare.Kill();
            }
        }
    }

    sealed class Spares
    {
        public int Coming;

        public ConcurrentQueue<SandboxProcess> Waiting { get; } = new();

        public long UsedAt { get; set; }
    }
}
