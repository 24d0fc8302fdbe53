using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// Starts processes on one thread that lives as long as the program: the kernel kills a process when the thread that started it ends
/// (<c>PR_SET_PDEATHSIG</c>), and a thread of the pool may end at any time.
/// </summary>
sealed class McpLauncher : IDisposable
{
    readonly BlockingCollection<Action> work = [];
    readonly Lazy<Thread> thread;
    int started;

    public McpLauncher() => thread = new Lazy<Thread>(() =>
    {
        var runner = new Thread(Run) { IsBackground = true, Name = "mcp launcher" };
        runner.Start();
        return runner;
    });

    /// <summary>How many were started since the program began.</summary>
    public int Started => Volatile.Read(ref started);

    public Task<Process> Start(ProcessStartInfo start)
    {
        _ = thread.Value;
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                Interlocked.Increment(ref started);
                done.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    public void Dispose() => work.CompleteAdding();

    void Run()
    {
        foreach (var start in work.GetConsumingEnumerable())
        {
            start();
        }
    }
}
