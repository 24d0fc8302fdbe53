using System.Diagnostics;

namespace AgentPlatform.Integration.Tour;

/// <summary>Runs what people are told to paste into a shell.</summary>
static class Bash
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <returns>The exit code, and both outputs as they came.</returns>
    public static async Task<(int Code, string Output, string Errors)> Run(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("bash", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
