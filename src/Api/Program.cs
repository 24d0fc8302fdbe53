using System.Runtime.InteropServices;
using AgentPlatform.Api;
using AgentPlatform.Api.Http;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Npgsql;

try
{
    return args switch
    {
        ["migrate", .. var rest] => await MigrateCommand.Run(rest),
        ["archive", .. var rest] => await ArchiveCommand.Archive(rest),
        ["restore", .. var rest] => await ArchiveCommand.Restore(rest),
        ["rotate-keys", .. var rest] => await RotateKeysCommand.Run(rest),
        ["vendors", .. var rest] => await VendorsCommand.Run(rest),
        ["mcp-servers", .. var rest] => await McpServersCommand.Run(rest),
        ["openapi", var file] => await Describe(file),
        _ => await Serve(args),
    };
}
catch (Exception e) when (e is DatabaseStartException or MigrationException or StartException or NpgsqlException)
{
    await Console.Error.WriteLineAsync($"AgentPlatform cannot start: {e.Message}");
    return 1;
}

static async Task<int> Serve(string[] args)
{
    // Registered before the database starts, so that Ctrl-C during a slow first start stops what was begun.
    using var stopping = new CancellationTokenSource();
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    try
    {
        await using var platform = await Platform.Build(args, ct: stopping.Token);
        await platform.App.StartAsync(stopping.Token);
        await Welcome.Print(platform);
        await platform.App.WaitForShutdownAsync(stopping.Token);
    }
    catch (OperationCanceledException) when (stopping.IsCancellationRequested)
    {
        // Told to stop while it was still starting: what was begun has been stopped.
    }

    return 0;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stopping.Cancel();
    }
}

static async Task<int> Describe(string file)
{
    await using var platform = Platform.Describe([]);
    await using var writer = new StreamWriter(file) { NewLine = "\n" };
    await ApiDescription.Write(platform.App, writer, CancellationToken.None);
    return 0;
}
