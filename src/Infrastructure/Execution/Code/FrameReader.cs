namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>Lines of a process that is not to be trusted: no line and no sum of lines is longer than was allowed.</summary>
sealed class FrameReader(Stream stream)
{
    byte[] buffer = new byte[16 * 1024];
    int start;
    int end;

    /// <summary>Bytes that lines may still have in all.</summary>
    public long Budget { get; set; } = 64 * 1024;

    public int MaxLine { get; set; } = 64 * 1024;

    /// <summary>Whether reading ended because a limit was passed, not because the process ended.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null when there is none any more.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var searched = 0;
        while (true)
        {
            var line = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (line >= 0)
            {
                var found = buffer.AsMemory(start, searched + line);
                start += found.Length + 1;
                Budget -= found.Length + 1;
                IsOverLimit = Budget < 0 || found.Length > MaxLine;
                return IsOverLimit ? null : found;
            }

            searched = end - start;
            if (searched > MaxLine || searched > Budget)
            {
                IsOverLimit = true;
                return null;
            }

            if (!Fill())
            {
                return null;
            }
        }
    }

    /// <summary>What was left without an end of line when the process ended.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(start, end - start);

    bool Fill()
    {
        if (end == buffer.Length)
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            else
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        var read = stream.Read(buffer.AsSpan(end));
        end += read;
        return read > 0;
    }
}
