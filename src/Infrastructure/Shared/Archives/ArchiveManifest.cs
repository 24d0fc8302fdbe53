using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Infrastructure.Shared.Archives;

/// <summary>What stands beside a file of rows, written after it: a file without one counts for nothing.</summary>
/// <param name="Format">1: gzip, one row a line, as JSON in PostgreSQL's COPY text format (a backslash is written twice).</param>
/// <param name="Month">Its first day.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file, in hexadecimal.</param>
public sealed record ArchiveManifest(int Format, string Table, DateOnly Month, long Rows, long Bytes, string Sha256)
{
    public const int CurrentFormat = 1;

    const string Suffix = ".manifest.json";

    public static string PathOf(string file) => file + Suffix;

    /// <exception cref="ArchiveException">There is none, or it is not one.</exception>
    public static async Task<ArchiveManifest> Read(string file, CancellationToken ct)
    {
        try
        {
            await using var stream = File.OpenRead(PathOf(file));
            var manifest = await JsonSerializer.DeserializeAsync(stream, ArchiveFormat.Default.ArchiveManifest, ct);
            return manifest is { Format: CurrentFormat, Table.Length: > 0, Sha256.Length: > 0 }
                ? manifest
                : throw new ArchiveException($"{PathOf(file)} is of no format that this program reads.");
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new ArchiveException($"{PathOf(file)} cannot be read: {e.Message}", e);
        }
    }

    public async Task Write(string file, CancellationToken ct)
    {
        await using var stream = new FileStream(PathOf(file), FileMode.Create, FileAccess.Write, FileShare.None);
        await JsonSerializer.SerializeAsync(stream, this, ArchiveFormat.Default.ArchiveManifest, ct);
        stream.Flush(flushToDisk: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ArchiveManifest))]
sealed partial class ArchiveFormat : JsonSerializerContext;

/// <summary>An archive is not what it says, or cannot be written or read. The message is one sentence.</summary>
public sealed class ArchiveException(string message, Exception? inner = null) : Exception(message, inner);
