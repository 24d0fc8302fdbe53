using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>What a process has used, as the kernel counts it.</summary>
/// <param name="Cpu">All its threads.</param>
/// <param name="Memory">Its own memory in bytes, without mapped files.</param>
/// <param name="Writable">Bytes of address space that it could write to: what <see cref="Posix.LimitMemory"/> limits.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct ProcessUse(TimeSpan Cpu, long Memory, long Writable)
{
    const int PageSize = 4096;
    const int TicksPerSecond = 100;

    /// <summary>Null when there is no such process any more.</summary>
    public static ProcessUse? Of(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        if (Read($"/proc/{pid}/stat", buffer) is not (> 0 and var statLength))
        {
            return null;
        }

        // The second field is the program's name in parentheses and may hold anything.
        var stat = buffer[(buffer[..statLength].LastIndexOf((byte)')') + 2)..statLength];
        var ticks = Field(stat, 11) + Field(stat, 12);
        return Read($"/proc/{pid}/statm", buffer) is > 0 and var length
            ? new(
                TimeSpan.FromSeconds((double)ticks / TicksPerSecond),
                (Field(buffer[..length], 1) - Field(buffer[..length], 2)) * PageSize,
                Field(buffer[..length], 5) * PageSize)
            : null;
    }

    /// <summary>The first child of a process; 0 when it has none.</summary>
    public static int ChildOf(int pid)
    {
        Span<byte> buffer = stackalloc byte[256];
        return Read($"/proc/{pid}/task/{pid}/children", buffer) is > 0 and var length ? (int)Field(buffer[..length], 0) : 0;
    }

    static long Field(ReadOnlySpan<byte> text, int index)
    {
        for (; index > 0; index--)
        {
            text = text[(text.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(text, out long value, out _) ? value : 0;
    }

    static int Read(string path, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, buffer, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while it was being looked at.
            return 0;
        }
    }
}
