using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// One process for one execution. A thread of its own starts it, speaks with it and buries it: it dies with that thread (the kernel sees to it), and the
/// thread blocks where a pool's thread must not.
/// </summary>
sealed class SandboxProcess
{
    static readonly WatchLimits Starting = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 1L << 30);

    readonly ProcessStartInfo start;
    readonly SandboxWatch watch;
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly object gate = new();
    SandboxExecution? execution;
    int pid;
    int inner;
    bool isKilled;

    public SandboxProcess(ProcessStartInfo start, SandboxWatch watch, string language)
    {
        this.start = start;
        this.watch = watch;
        Language = language;
        new Thread(Live) { IsBackground = true, Name = "sandbox" }.Start();
    }

    public string Language { get; }

    /// <summary>Done when it waits for code.</summary>
    /// <exception cref="SandboxStartException">It did not come up.</exception>
    public Task Ready => ready.Task;

    /// <summary>Done when it is dead and buried.</summary>
    public Task Gone => gone.Task;

    public bool IsGone => gone.Task.IsCompleted;

    /// <summary>The process that runs the code, as this machine numbers it.</summary>
    public int Pid => inner;

    /// <summary>Gives it the one thing that it will ever run.</summary>
    public void Give(SandboxExecution given)
    {
        // Also when it was gone before: nobody waits for ever.
        _ = gone.Task.ContinueWith(_ => given.Break(null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        lock (gate)
        {
            execution = given;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Kills it and all that it may have started. May be called at any time, by anybody, and more than once.</summary>
    public void Kill()
    {
        lock (gate)
        {
            isKilled = true;
            if (pid != 0)
            {
                Posix.KillGroup(pid);
            }

            if (inner != 0 && inner != pid)
            {
                // It may have left the group; it cannot leave its namespace, whose other processes go with it.
                Posix.KillOne(inner);
            }

            Monitor.PulseAll(gate);
        }
    }

    void Live()
    {
        try
        {
            using var process = Begin();
            var reader = new FrameReader(process.StandardOutput.BaseStream);
            try
            {
                Await(reader);
                if (Given() is { } given)
                {
                    given.Run(inner, process.StandardInput.BaseStream, reader, watch, Kill);
                }
            }
            finally
            {
                Kill();
                process.WaitForExit();
                lock (gate)
                {
                    // From here on the numbers may be somebody else's.
                    (pid, inner) = (0, 0);
                }
            }
        }
        catch (Exception e)
        {
            ready.TrySetException(e as SandboxStartException ?? new SandboxStartException(e.Message, e));
            execution?.Break(e);
        }
        finally
        {
            execution?.Dispose();
            ready.TrySetException(new SandboxStartException("It was stopped before it was up."));
            gone.TrySetResult();
        }
    }

    /// <summary>Waits for code; null when it was killed instead.</summary>
    SandboxExecution? Given()
    {
        lock (gate)
        {
            while (execution is null && !isKilled)
            {
                Monitor.Wait(gate);
            }

            return isKilled ? null : execution;
        }
    }

    Process Begin()
    {
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SandboxStartException($"{start.FileName} cannot be run: {e.Message}.", e);
        }

        lock (gate)
        {
            pid = process.Id;
            if (isKilled)
            {
                Posix.KillGroup(pid);
            }
        }

        return process;
    }

    void Await(FrameReader reader)
    {
        var watched = watch.Add(pid, Starting, _ => Kill());
        var said = new StringBuilder();
        try
        {
            while (reader.Next() is { } line)
            {
                var text = Encoding.UTF8.GetString(line.Span);
                if (text == "ready")
                {
                    var child = ProcessUse.ChildOf(pid);
                    lock (gate)
                    {
                        inner = child == 0 ? pid : child;
                    }

                    ready.TrySetResult();
                    return;
                }

                said.Append(text).Append(' ');
            }
        }
        finally
        {
            watch.Remove(watched);
        }

        throw new SandboxStartException(said.Length > 0 ? said.ToString().Trim() : "It ended without a word.");
    }
}

/// <summary>A process for customers' code did not come up; the message is what it said.</summary>
sealed class SandboxStartException(string message, Exception? inner = null) : Exception(message, inner);
