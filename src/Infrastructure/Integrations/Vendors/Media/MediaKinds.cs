namespace AgentPlatform.Infrastructure.Integrations.Vendors.Media;

/// <summary>What bytes are, by how they begin: a vendor's header may say anything, and a page that explains an error is neither sound nor image.</summary>
static class MediaKinds
{
    /// <returns>Null when it is no sound of a known kind.</returns>
    public static string? OfSound(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("ID3"u8) || IsMpegFrame(bytes) ? "audio/mpeg"
        : bytes.StartsWith("OggS"u8) ? "audio/ogg"
        : IsRiff(bytes, "WAVE"u8) ? "audio/wav"
        : null;

    /// <returns>Null when it is no image of a known kind.</returns>
    public static string? OfImage(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : IsRiff(bytes, "WEBP"u8) ? "image/webp"
        : null;

    static bool IsRiff(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> kind) => bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith(kind);

    /// <summary>Eleven set bits, then a version and a layer that exist.</summary>
    static bool IsMpegFrame(ReadOnlySpan<byte> bytes) => bytes is [0xFF, var second, ..] && (second & 0xE0) == 0xE0 && (second & 0x18) != 0x08 && (second & 0x06) != 0;
}
