using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentPlatform.Benchmarks;

/// <summary>The program as users start it, in a process of its own, over an embedded database with the default settings (fsync on).</summary>
sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>As <c>./build.sh run</c> starts it, compiled ahead; elsewhere (in the tests) the one beside us.</summary>
    static readonly string Program = Path.GetFullPath("src/Api/bin/Release/net10.0/AgentPlatform.Api.dll") is var built && File.Exists(built) ? built : typeof(Api.Platform).Assembly.Location;

    readonly Process process;

    ServerProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int Id => process.Id;

    /// <summary>Resident memory in MiB, as the kernel counts it.</summary>
    public double MemoryMiB
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Starts the server and waits until it is ready.</summary>
    public static async Task<ServerProcess> Start(string data, int port, IReadOnlyDictionary<string, string>? settings = null)
    {
        var server = Launch(data, port, settings);
        try
        {
            await server.Ready();
            return server;
        }
        catch
        {
            await server.Kill();
            throw;
        }
    }

    /// <summary>Starts the server and does not wait.</summary>
    public static ServerProcess Launch(string data, int port, IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [Program]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AGENTPLATFORM_DATA"] = data;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process, address);
    }

    /// <summary>The roles' connection strings of the database that this server runs on.</summary>
    public static Task<Database> OpenDatabase(string data) => Database.Open(new DatabaseOptions(null, data), NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>A port that nobody has at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <param name="name">Without its SIG, as kill(1) takes it.</param>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // As an orchestrator would: the server drains.
            await Signal("TERM");
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    public async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(180) && !process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(5);
            }
        }

        throw new InvalidOperationException("The server did not become ready.");
    }
}
