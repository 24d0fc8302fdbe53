using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// One execution's conversation with its process: the job in, frames out (see <c>sandbox/runner/frames.js</c>). Nothing that comes out is trusted: lengths
/// are limited where they are read, a frame that makes no sense is left out, and what is forged only changes the forger's own result.
/// </summary>
sealed class SandboxExecution(CodeJob job, SandboxFetch fetch) : IDisposable
{
    const int TokenLength = 32;
    const int RoomForText = 1024 * 1024;
    const int LongestCall = 2 * 1024 * 1024;
    const int MaxCalls = 100;

    readonly TaskCompletionSource<CodeOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource over = new();
    readonly SemaphoreSlim writing = new(1);
    readonly SemaphoreSlim room = new(SandboxFetch.MaxOpen);
    readonly CodeLogs logs = new();
    readonly byte[] token = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(TokenLength, lowercase: true));
    PassedLimit passed;
    int calls;

    public Task<CodeOutcome> Outcome => done.Task;

    /// <summary>What nobody foresaw; without effect on an execution that has ended.</summary>
    public void Break(Exception? problem)
    {
        if (problem is null)
        {
            done.TrySetResult(new CodeOutcome(default, SandboxErrors.Lost, logs.ToJson()));
        }
        else
        {
            done.TrySetException(problem);
        }
    }

    /// <summary>Called by whoever ran it, when nothing of it runs any more; calls that are still under way notice.</summary>
    public void Dispose()
    {
        over.Cancel();
        over.Dispose();
        writing.Dispose();
        room.Dispose();
    }

    /// <summary>Runs the job to its end. When this returns the outcome stands, and the process is of no more use.</summary>
    public void Run(int pid, Stream input, FrameReader reader, SandboxWatch watch, Action kill)
    {
        var limits = job.Spec.Limits;
        var memory = limits.MemoryMib * 1024L * 1024;
        var before = ProcessUse.Of(pid) ?? default;
        // A quarter more than allowed, and what a few more threads' stacks take: past the limit our own looking ends it, far past it the kernel refuses.
        Posix.LimitMemory(pid, before.Writable + memory + (memory / 4) + (64 * 1024 * 1024));
        reader.MaxLine = Math.Max(limits.OutputBytes + 1024, job.Spec.Network.Count > 0 ? LongestCall : 64 * 1024);
        reader.Budget = limits.OutputBytes + RoomForText;
        var watched = watch.Add(pid, new WatchLimits(limits.Timeout, limits.Cpu, memory), limit =>
        {
            passed = limit;
            kill();
            _ = over.CancelAsync();
        });
        CodeOutcome outcome;
        try
        {
            outcome = Converse(input, reader) with { Elapsed = watched.Elapsed };
        }
        finally
        {
            over.Cancel();
        }

        var use = watch.Remove(watched);
        kill();
        done.TrySetResult(outcome with { Cpu = use.Cpu, PeakBytes = use.Memory });
    }

    CodeOutcome Converse(Stream input, FrameReader reader)
    {
        try
        {
            return Talk(input, reader);
        }
        catch (OperationCanceledException)
        {
            // A limit was passed while it waited with too many calls open.
            return new(default, SandboxErrors.Ended(passed, job.Spec.Limits, logs), logs.ToJson());
        }
    }

    CodeOutcome Talk(Stream input, FrameReader reader)
    {
        try
        {
            input.Write(job.ToLine(token));
            input.Flush();
        }
        catch (IOException)
        {
            // It has ended already; what it said is still to be read.
        }

        while (reader.Next() is { } line)
        {
            if (Frame(line.Span) is not (> 0 and var kind))
            {
                logs.AddText(line.Span);
                continue;
            }

            var content = line[(TokenLength + 1)..];
            switch (kind)
            {
                case (byte)'R':
                    return CodeResult.Read(content, job, logs);
                case (byte)'E':
                    return new(default, SandboxErrors.Of(content, logs), logs.ToJson());
                case (byte)'L':
                    logs.Add(content);
                    break;
                case (byte)'F':
                    reader.Budget += line.Length;
                    Call(content.ToArray(), input, over.Token);
                    break;
            }
        }

        logs.AddText(reader.IsOverLimit ? default : reader.Rest.Span);
        return new(default, reader.IsOverLimit ? SandboxErrors.TooMuchOutput(job.Spec.Limits) : SandboxErrors.Ended(passed, job.Spec.Limits, logs), logs.ToJson());
    }

    byte Frame(ReadOnlySpan<byte> line) => line.Length > TokenLength && line.StartsWith(token) ? line[TokenLength] : (byte)0;

    /// <summary>A call of the code's to the outside: made here, under the egress guard, while the code goes on. With too many open the reading waits.</summary>
    void Call(byte[] content, Stream input, CancellationToken ended)
    {
        if (job.Spec.Network.Count == 0 || ++calls > MaxCalls)
        {
            _ = Answer(SandboxFetch.Refuse(content, $"This code may make no call, or has made {MaxCalls}: more are not allowed."), input, ended);
            return;
        }

        room.Wait(ended);
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await Answer(await fetch.Send(content, job.Spec, ended), input, ended);
                }
                finally
                {
                    if (!ended.IsCancellationRequested)
                    {
                        room.Release();
                    }
                }
            },
            CancellationToken.None);
    }

    async Task Answer(byte[] line, Stream input, CancellationToken ended)
    {
        try
        {
            await writing.WaitAsync(ended);
            try
            {
                await input.WriteAsync(line, ended);
                await input.FlushAsync(ended);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The execution is over, and so is whoever wanted the answer.
        }
    }
}
