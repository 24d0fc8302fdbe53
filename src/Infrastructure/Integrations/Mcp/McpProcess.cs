using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using AgentPlatform.Domain.Integrations.Mcp;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>A server that runs as a process of ours, from its start to the end of the last of its children.</summary>
sealed class McpProcess : IAsyncDisposable
{
    const int MaxLastWords = 2_000;
    const int SigKill = 9;

    /// <summary>A server that hears that its input is closed has this long to put its things away.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    readonly Process process;
    readonly McpFault fault;
    readonly StringBuilder lastWords = new();
    readonly Task watching;
    int isStopping;

    McpProcess(Process process, McpFault fault)
    {
        (this.process, this.fault) = (process, fault);
        watching = Watch();
    }

    public int Id => process.Id;

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static async Task<McpProcess> Start(McpLauncher launcher, McpTarget target, McpCatalogueEntry entry, string workDirectory, McpFault fault, ILogger log)
    {
        var directory = Path.Combine(workDirectory, target.TenantId.ToString("n"), target.ServerId.ToString("n"));
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var process = new McpProcess(await launcher.Start(McpSandbox.Wrap(entry, target.TenantId, target.ServerId, directory, target.Values)), fault);
        log.LogInformation("Started MCP server {Catalogue} of tenant {TenantId} as process {Pid}", entry.Name, target.TenantId, process.Id);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isStopping, 1) != 0)
        {
            return;
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already, with something of ours still in the pipe.
        }

        await Ended(Grace);
        // The whole group, also when its first process has gone: of a process tree of its own nothing outlives the first.
        _ = Kill(-process.Id, SigKill);
        await Ended(Farewell);
        await watching;
        process.Dispose();
    }

    Task Ended(TimeSpan limit) => process.WaitForExitAsync().WaitAsync(limit).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Reads what the server says about itself, keeps the end of it, and notes when and how it ended.</summary>
    async Task Watch()
    {
        var buffer = new char[1024];
        try
        {
            int read;
            while ((read = await process.StandardError.ReadAsync(buffer)) > 0)
            {
                lastWords.Append(buffer, 0, read);
                if (lastWords.Length > MaxLastWords)
                {
                    lastWords.Remove(0, lastWords.Length - MaxLastWords);
                }
            }
        }
        catch (IOException)
        {
            // The pipe broke with the process.
        }

        await Ended(Farewell);
        fault.Set(McpFailures.Exited(process.HasExited ? process.ExitCode : null, Volatile.Read(ref isStopping) == 0 ? Said() : ""));
    }

    string Said() => lastWords.ToString().Replace('\0', '\uFFFD').Trim();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);
}
