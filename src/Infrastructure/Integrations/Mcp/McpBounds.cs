namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// How much one connection may send between two of our requests: lines without end, streams without end and floods of notifications stop here, before
/// they are held in memory as a whole.
/// </summary>
sealed class McpBounds(McpFault fault)
{
    /// <summary>A message is one line, or a few in an event stream. The largest result that is taken has 4 MiB; its JSON in JSON may be longer.</summary>
    public const int MaxLine = 6 * 1024 * 1024;

    public const int MaxLines = 20_000;

    public const long MaxBytes = 24 * 1024 * 1024;

    long epoch;

    public McpFault Fault => fault;

    /// <summary>What the server said last that a token must allow; empty: it said nothing.</summary>
    public IReadOnlyList<string> Wanted { get; set; } = [];

    /// <summary>A request of ours goes out: what comes from now on may be its answer.</summary>
    public void Renew() => Interlocked.Increment(ref epoch);

    /// <summary>The count of one stream.</summary>
    public Count Begin() => new(this);

    /// <exception cref="IOException">Too much.</exception>
    void Stop(string what)
    {
        var error = McpFailures.TooMuch(what);
        fault.Set(error);
        throw new IOException(error.Message);
    }

    internal sealed class Count(McpBounds bounds)
    {
        long epoch;
        long bytes;
        int lines;
        int line;

        public void Take(ReadOnlySpan<byte> chunk)
        {
            var now = Interlocked.Read(ref bounds.epoch);
            if (now != epoch)
            {
                (epoch, bytes, lines) = (now, 0, 0);
            }

            bytes += chunk.Length;
            for (var rest = chunk; !rest.IsEmpty;)
            {
                var end = rest.IndexOf((byte)'\n');
                line += end < 0 ? rest.Length : end;
                if (line > MaxLine)
                {
                    bounds.Stop($"a line of more than {MaxLine} bytes");
                }

                if (end < 0)
                {
                    break;
                }

                line = 0;
                rest = rest[(end + 1)..];
                lines++;
            }

            if (lines > MaxLines)
            {
                bounds.Stop($"more than {MaxLines} lines without being asked");
            }

            if (bytes > MaxBytes)
            {
                bounds.Stop($"more than {MaxBytes} bytes without being asked");
            }
        }
    }
}
