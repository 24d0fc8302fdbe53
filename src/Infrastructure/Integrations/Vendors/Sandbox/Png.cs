using System.Buffers.Binary;
using System.IO.Compression;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>Writes small images with a palette. Nothing is compressed: so the bytes are the same whichever version of zlib there is.</summary>
static class Png
{
    const byte Indexed = 3;

    static readonly uint[] Crcs = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) == 0 ? c >> 1 : 0xEDB88320 ^ (c >> 1)))];

    /// <param name="pixels">Row by row, each a place in the palette.</param>
    /// <param name="palette">Red, green and blue of each colour.</param>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<byte> palette)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], pixels.Length / width);
        (header[8], header[9], header[10], header[11], header[12]) = (8, Indexed, 0, 0, 0);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "PLTE"u8, palette);
        WriteChunk(png, "IDAT"u8, Rows(pixels, width));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    static byte[] Rows(ReadOnlySpan<byte> pixels, int width)
    {
        using var stored = new MemoryStream();
        using (var zlib = new ZLibStream(stored, CompressionLevel.NoCompression, leaveOpen: true))
        {
            for (var row = 0; row < pixels.Length; row += width)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(row, width));
            }
        }

        return stored.ToArray();
    }

    static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(name);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(name, uint.MaxValue)));
        png.Write(number);
    }

    static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var b in data)
        {
            crc = Crcs[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }
}
