using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AgentPlatform.Benchmarks.Hostile;

/// <summary>What hostile code would find if a wall had a hole: a file and a variable of the server's environment with a secret in them, and somebody who listens.</summary>
sealed class HostileWorld : IDisposable
{
    readonly string directory;
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    int connections;

    public HostileWorld(string data)
    {
        directory = Directory.CreateDirectory(Path.Combine(data, "sentinel")).FullName;
        Temporary = Directory.CreateDirectory(Path.Combine(data, "tmp")).FullName;
        File.WriteAllText(SecretFile, Secret);
        if (!OperatingSystem.IsWindows())
        {
            // For everybody: what keeps code out is not the file's mode.
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(Temporary, (UnixFileMode)0b1_111_111_111);
            File.SetUnixFileMode(SecretFile, (UnixFileMode)0b110_110_110);
        }

        listener.Start();
        _ = Listen();
    }

    public string Secret { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>Where the server puts what it needs for a moment.</summary>
    public string Temporary { get; }

    public Dictionary<string, string> Settings => new() { ["AGENTPLATFORM_SENTINEL"] = Secret, ["TMPDIR"] = Temporary };

    string SecretFile => Path.Combine(directory, "secret");

    public string Filled(CorpusCase attempt) => attempt.Filled(SecretFile, Path.Combine(directory, "mark"), ((IPEndPoint)listener.LocalEndpoint).Port);

    /// <summary>What has happened outside, of which nothing should; empty when nothing has.</summary>
    public IEnumerable<string> Harm() =>
    [
        .. connections > 0 ? [$"{connections} connections to the listener"] : Array.Empty<string>(),
        .. Directory.GetFileSystemEntries(directory).Length == 1 && File.ReadAllText(SecretFile) == Secret ? Array.Empty<string>() : ["the sentinel's directory was changed"],
    ];

    public IReadOnlyList<string> TemporaryFiles() => [.. Directory.GetFileSystemEntries(Temporary).Order(StringComparer.Ordinal)];

    public void Dispose() => listener.Stop();

    async Task Listen()
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
