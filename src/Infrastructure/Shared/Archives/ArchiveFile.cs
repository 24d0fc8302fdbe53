using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Infrastructure.Shared.Archives;

/// <summary>A file of rows, one a line, compressed. It is on the disk, read back and found right before anybody relies on it.</summary>
static class ArchiveFile
{
    const int Chunk = 64 * 1024;

    /// <summary>Writes all lines, replacing what a former attempt left behind.</summary>
    /// <exception cref="ArchiveException">What was written does not read back, or holds another number of rows.</exception>
    public static async Task<ArchiveManifest> Write(string path, string table, DateOnly month, long rows, TextReader lines, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(ArchiveManifest.PathOf(path));
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using (var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            await using (var writer = new StreamWriter(packed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Chunk) { NewLine = "\n" })
            {
                var buffer = new char[Chunk];
                while (await lines.ReadAsync(buffer, ct) is var read && read > 0)
                {
                    await writer.WriteAsync(buffer.AsMemory(0, read), ct);
                }
            }

            file.Flush(flushToDisk: true);
        }

        var (bytes, hash) = await Hash(path, ct);
        var manifest = new ArchiveManifest(ArchiveManifest.CurrentFormat, table, month, rows, bytes, hash);
        await Verify(path, manifest, ct);
        await manifest.Write(path, ct);
        return manifest;
    }

    /// <summary>Reads the whole file: its hash, its compression's own check, its lines.</summary>
    /// <exception cref="ArchiveException">It is not what the manifest says.</exception>
    public static async Task Verify(string path, ArchiveManifest manifest, CancellationToken ct)
    {
        var (bytes, hash) = await Hash(path, ct);
        if (bytes != manifest.Bytes || hash != manifest.Sha256)
        {
            throw new ArchiveException($"{path} is not the file that its manifest describes: the SHA-256 differs.");
        }

        var lines = 0L;
        await using var packed = Open(path);
        var buffer = new byte[Chunk];
        try
        {
            while (await packed.ReadAsync(buffer, ct) is var read && read > 0)
            {
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
            }
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException($"{path} cannot be unpacked: {e.Message}", e);
        }

        if (lines != manifest.Rows)
        {
            throw new ArchiveException($"{path} holds {lines} rows and not {manifest.Rows}.");
        }
    }

    public static async Task CopyTo(string path, TextWriter writer, CancellationToken ct)
    {
        await using var packed = Open(path);
        using var reader = new StreamReader(packed, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, Chunk);
        var buffer = new char[Chunk];
        while (await reader.ReadAsync(buffer, ct) is var read && read > 0)
        {
            await writer.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    static GZipStream Open(string path) => new(File.OpenRead(path), CompressionMode.Decompress);

    static async Task<(long Bytes, string Hash)> Hash(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return (file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }
}
