using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// Looks at every execution a hundred times a second and kills what has passed a limit. A thread of its own: when all threads of the pool are busy,
/// limits must still hold.
/// </summary>
sealed class SandboxWatch : IDisposable
{
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    readonly Lock gate = new();
    readonly List<Watched> watched = [];
    readonly ManualResetEventSlim any = new();
    readonly CancellationTokenSource stop = new();
    readonly Thread thread;

    public SandboxWatch()
    {
        thread = new Thread(Look) { IsBackground = true, Name = "sandbox watch", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <param name="pid">The process that runs the code.</param>
    /// <param name="kill">Called once, with the limit that was passed.</param>
    public Watched Add(int pid, WatchLimits limits, Action<PassedLimit> kill)
    {
        var added = new Watched(pid, ProcessUse.Of(pid) ?? default, limits, kill, Stopwatch.GetTimestamp());
        lock (gate)
        {
            watched.Add(added);
            any.Set();
        }

        return added;
    }

    /// <returns>What the process used since it was added, up to now.</returns>
    public ProcessUse Remove(Watched ended)
    {
        ended.Sample();
        lock (gate)
        {
            watched.Remove(ended);
        }

        return ended.Peak;
    }

    public void Dispose()
    {
        stop.Cancel();
        thread.Join();
        any.Dispose();
        stop.Dispose();
    }

    void Look()
    {
        var turn = new List<Watched>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                any.Wait(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            lock (gate)
            {
                turn.Clear();
                turn.AddRange(watched);
                if (turn.Count == 0)
                {
                    any.Reset();
                }
            }

            turn.ForEach(one => one.Check());
            stop.Token.WaitHandle.WaitOne(Pace);
        }
    }
}

enum PassedLimit
{
    None,
    Timeout,
    Cpu,
    Memory,
}

sealed record WatchLimits(TimeSpan Timeout, TimeSpan Cpu, long Memory);

/// <summary>One process under watch. What an interpreter has used before it was given any code is not counted.</summary>
sealed class Watched(int pid, ProcessUse before, WatchLimits limits, Action<PassedLimit> kill, long since)
{
    readonly Lock gate = new();
    bool isOver;

    /// <summary>Processor time so far and the most memory that was seen, beyond the idle interpreter's.</summary>
    public ProcessUse Peak { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(since);

    public void Check()
    {
        if (isOver)
        {
            return;
        }

        Sample();
        var passed = Elapsed > limits.Timeout ? PassedLimit.Timeout
            : Peak.Cpu > limits.Cpu ? PassedLimit.Cpu
            : Peak.Memory > limits.Memory ? PassedLimit.Memory
            : PassedLimit.None;
        if (passed is not PassedLimit.None)
        {
            isOver = true;
            kill(passed);
        }
    }

    public void Sample()
    {
        lock (gate)
        {
            if (ProcessUse.Of(pid) is { } now)
            {
                Peak = new(now.Cpu - before.Cpu, Math.Max(Peak.Memory, now.Memory - before.Memory), now.Writable);
            }
        }
    }
}
