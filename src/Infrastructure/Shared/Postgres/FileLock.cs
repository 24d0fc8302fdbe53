namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// Locks between processes by files. On Unix .NET takes a flock with every open: shared for <see cref="FileShare.Read"/>, exclusive for
/// <see cref="FileShare.None"/>. The kernel drops it when its holder dies, however it dies, and children do not inherit it.
/// </summary>
static class FileLock
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static async Task<FileStream> Exclusive(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryExclusive(path) is { } held)
            {
                return held;
            }
            await Task.Delay(Poll, ct);
        }
    }

    public static FileStream? TryExclusive(string path) => Try(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Held by every process that uses the server. Only one that takes it exclusively can be in the way, and those are brief.</summary>
    public static async Task<FileStream> Shared(string path, CancellationToken ct)
    {
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite))
        {
            // A read-only open cannot create the file.
        }
        while (true)
        {
            if (Try(path, FileAccess.Read, FileShare.Read) is { } held)
            {
                return held;
            }
            await Task.Delay(Poll, ct);
        }
    }

    static FileStream? Try(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new(path, access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate, access, share, bufferSize: 0);
        }
        catch (IOException problem) when (problem.GetType() == typeof(IOException))
        {
            // Exactly IOException is the lock's refusal: a missing directory and the like have types of their own.
            return null;
        }
    }
}
