using System.Text;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// The embedded server's settings: for a small machine that it shares with us. They are written to a file of the cluster before each start,
/// so whoever starts it by hand gets the same.
/// </summary>
sealed class EmbeddedSettings(string socketDirectory, IReadOnlyDictionary<string, string> extra)
{
    public const string FileName = "agentplatform.conf";

    /// <summary>Nothing listens on it: it is a part of the socket's name.</summary>
    public const int Port = 5432;

    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    const long LargestLog = 16 * 1024 * 1024;
    const int TailLength = 2000;

    public string SocketDirectory => socketDirectory;

    public bool IsDurable => !extra.TryGetValue("fsync", out var value) || value != "off";

    public async Task Write(string cluster, CancellationToken ct)
    {
        var text = new StringBuilder("# Written before each start; changes belong into postgresql.conf after its include line.\n");
        foreach (var (name, value) in Settings().Concat(extra))
        {
            text.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }
        await File.WriteAllTextAsync(Path.Combine(cluster, FileName), text.ToString(), ct);
    }

    public static void RotateLog(string log)
    {
        if (new FileInfo(log) is { Exists: true, Length: > LargestLog })
        {
            File.Move(log, log + ".old", overwrite: true);
        }
    }

    public static string LogTail(string log)
    {
        if (!File.Exists(log))
        {
            return "(empty)";
        }
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, TailLength), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }

    Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["listen_addresses"] = "",
        ["unix_socket_directories"] = socketDirectory,
        ["unix_socket_permissions"] = "0700",
        ["port"] = $"{Port}",
        // Three processes that use all they may, and whoever looks at the database besides.
        ["max_connections"] = "200",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
        ["password_encryption"] = "scram-sha-256",
        // Shared buffers are touched, and so counted, only as far as data has been read into them.
        ["shared_buffers"] = "256MB",
        ["effective_cache_size"] = "1GB",
        ["random_page_cost"] = "1.1",
        ["fsync"] = "on",
        ["synchronous_commit"] = "on",
        ["full_page_writes"] = "on",
        ["wal_compression"] = "on",
        ["max_wal_size"] = "2GB",
        ["checkpoint_timeout"] = "10min",
        // Its launcher is a process of 8 MB that has nothing to do here.
        ["max_logical_replication_workers"] = "0",
        // Queues and leases turn their rows over many times a minute: clean up before a table has grown by a fifth.
        ["autovacuum_naptime"] = "15s",
        ["autovacuum_vacuum_scale_factor"] = "0.05",
        ["autovacuum_analyze_scale_factor"] = "0.05",
        ["autovacuum_vacuum_insert_scale_factor"] = "0.1",
        ["autovacuum_vacuum_cost_limit"] = "1000",
        // Our statements take a millisecond; compiling one takes a hundred.
        ["jit"] = "off",
        // Statements carry customers' data.
        ["log_statement"] = "none",
        ["log_min_duration_statement"] = "-1",
        ["log_parameter_max_length_on_error"] = "0",
        ["log_line_prefix"] = "%m [%p] %q%u@%d ",
    };
}
