using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Runs PostgreSQL's programs and a few of coreutils, as the unprivileged user when this process is root.</summary>
/// <param name="user">Null: as ourselves.</param>
sealed class ServerCommand(ServerUser? user)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Runs a program that has to succeed.</summary>
    /// <returns>What the program wrote to standard output.</returns>
    /// <exception cref="DatabaseStartException">It could not be started or ended with another code than 0.</exception>
    public async Task<string> Run(string program, IEnumerable<string> arguments, CancellationToken ct, string? input = null)
    {
        var (code, output, error) = await Try(program, arguments, ct, input);
        return code == 0
            ? output
            : throw new DatabaseStartException($"{Path.GetFileName(program)} failed with code {code}: {(error + output).Trim()}");
    }

    public async Task<(int Code, string Output, string Error)> Try(string program, IEnumerable<string> arguments, CancellationToken ct, string? input = null)
    {
        string[] prefix = user is null ? [] : user.Prefix;
        string[] line = [.. prefix, program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The unprivileged user may not be allowed to be where we are, and initdb asks for its current directory.
            WorkingDirectory = "/",
        };
        // PGPORT, PGDATA, PGOPTIONS and the like of the caller's shell are not meant for this server.
        foreach (var name in start.Environment.Keys.Where(x => x.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        using var process = Begin(start);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new DatabaseStartException($"{start.FileName} did not start.");
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new DatabaseStartException($"{start.FileName} cannot be run: {problem.Message}.", problem);
        }
    }
}

/// <summary>Whom the server runs as when this process is root, which PostgreSQL refuses to run as.</summary>
sealed record ServerUser(string Uid, string Gid, bool IsNamed)
{
    static readonly string[] Candidates = ["postgres", "nobody"];

    public string[] Prefix => ["setpriv", "--reuid", Uid, "--regid", Gid, IsNamed ? "--init-groups" : "--clear-groups", "--"];

    /// <summary>The owner of what is already there, so that data made by a person stays that person's when root runs the program once.</summary>
    public static async Task<ServerUser?> OwnerOf(string path, CancellationToken ct)
    {
        var parts = (await new ServerCommand(null).Run("stat", ["-c", "%u %g %U", path], ct)).Split(' ', StringSplitOptions.TrimEntries);
        return parts[0] == "0" ? null : new(parts[0], parts[1], parts[2] != "UNKNOWN");
    }

    public static async Task<ServerUser> Unprivileged(CancellationToken ct)
    {
        var command = new ServerCommand(null);
        foreach (var name in Candidates)
        {
            var (code, uid, _) = await command.Try("id", ["-u", name], ct);
            if (code == 0)
            {
                return new(uid.Trim(), (await command.Run("id", ["-g", name], ct)).Trim(), IsNamed: true);
            }
        }
        throw new DatabaseStartException("PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody' to run it as.");
    }
}
