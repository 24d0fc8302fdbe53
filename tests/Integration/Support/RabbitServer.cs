using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentPlatform.Infrastructure.Shared.Postgres;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AgentPlatform.Integration.Support;

/// <summary>
/// A RabbitMQ node of the tests' own: on loopback, with its own directory, ports and name service, as an unprivileged user. It ends with this process,
/// however that ends. A machine without RabbitMQ skips the tests, and says so.
/// </summary>
sealed class RabbitServer : IAsyncDisposable
{
    /// <summary>The shell ends both when its input closes, which it also does when we are killed.</summary>
    const string Script = """
        epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 & names=$!
        "$1" -noinput & server=$!
        read -r _
        kill -9 $server $names
        wait
        """;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    static readonly string[] Places =
    [
        "/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
    ];

    readonly DirectoryInfo home = Directory.CreateTempSubdirectory("agentplatform-rabbitmq-");
    readonly string[] prefix;
    readonly int port = FreePort();
    readonly int names = FreePort();
    readonly int distribution = FreePort();
    Process? process;

    RabbitServer(ServerUser? user) => prefix = user?.Prefix ?? [];

    public string Url => $"amqp://guest:guest@127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/";

    public static async Task<RabbitServer> Start()
    {
        // Before anything is made for it.
        _ = Program();
        var user = Environment.IsPrivilegedProcess ? await ServerUser.Unprivileged(CancellationToken.None) : null;
        var server = new RabbitServer(user);
        await server.Prepare(user);
        await server.Begin();
        return server;
    }

    public async Task Begin()
    {
        string[] line = [.. prefix, "bash", "-c", Script, "bash", Program()];
        var start = new ProcessStartInfo(line[0], line[1..]) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = home.FullName };
        foreach (var (name, value) in Surroundings())
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("RabbitMQ did not start.");
        await UntilItAnswers();
    }

    /// <summary>As if its machine had lost power.</summary>
    public async Task Kill()
    {
        if (process is { } running)
        {
            process = null;
            running.StandardInput.Close();
            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    /// <summary>Asks the broker something beside the program.</summary>
    public async Task<T> Ask<T>(Func<IChannel, Task<T>> ask)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(Url), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await ask(channel);
    }

    /// <summary>How many messages wait; 0 also before there is such a queue.</summary>
    public async Task<uint> Messages(string queue) => (await Look(queue))?.MessageCount ?? 0;

    public async Task<bool> HasConsumer(string queue) => await Look(queue) is { ConsumerCount: > 0 };

    public async ValueTask DisposeAsync()
    {
        await Kill();
        home.Delete(recursive: true);
    }

    static string Program() => Places.Select(place => Path.Combine(place, "rabbitmq-server")).FirstOrDefault(File.Exists)
        ?? throw new IgnoreException("RabbitMQ's server is missing: install it (Debian and Ubuntu: apt-get install rabbitmq-server; only its programs are used, no service).");

    async Task<QueueDeclareOk?> Look(string queue)
    {
        try
        {
            return await Ask(channel => channel.QueueDeclarePassiveAsync(queue));
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    async Task Prepare(ServerUser? user)
    {
        await File.WriteAllTextAsync(In("plugins"), "[].");
        await File.WriteAllTextAsync(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}
            log.console = false
            log.file.level = warning
            disk_free_limit.absolute = 10MB
            vm_memory_high_watermark.relative = 0.8

            """);
        if (user is not null)
        {
            await new ServerCommand(null).Run("chown", ["-R", $"{user.Uid}:{user.Gid}", home.FullName], CancellationToken.None);
        }
    }

    Dictionary<string, string> Surroundings() => new(StringComparer.Ordinal)
    {
        ["HOME"] = home.FullName,
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = names.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_NODENAME"] = "rabbit@localhost",
        ["RABBITMQ_DIST_PORT"] = distribution.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = In("data"),
        ["RABBITMQ_LOG_BASE"] = In("log"),
        ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("advanced"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("plugins"),
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        // The shell script becomes the server, so that its id is the server's.
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
    };

    async Task UntilItAnswers()
    {
        if (await Eventually.Get(Fault, fault => fault is null || process!.HasExited, Patience) is { } fault)
        {
            throw new InvalidOperationException($"RabbitMQ did not answer; what it says is in {In("log")}.", fault);
        }
    }

    /// <returns>Why it does not answer; null when it does.</returns>
    async Task<Exception?> Fault()
    {
        try
        {
            await Ask(channel => Task.FromResult(channel.IsOpen));
            return null;
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or OperationCanceledException)
        {
            return e;
        }
    }

    string In(string name) => Path.Combine(home.FullName, name);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
