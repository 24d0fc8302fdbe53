using System.Security.Cryptography;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>A master key as key-encryption key: AES-256-GCM under a key derived from it for each context, so that none comes near the 2^32 values after which random
/// nonces may meet.</summary>
sealed class LocalKeyEncryptionKey(MasterKey master) : IKeyEncryptionKey
{
    static readonly byte[] Purpose = [.. "agentplatform data key "u8];

    public string Id { get; } = "local:" + Convert.ToHexStringLower(master.Id);

    public ValueTask<byte[]> Wrap(ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken ct)
    {
        Span<byte> key = stackalloc byte[MasterKey.Length];
        Derive(context.Span, key);
        return new(AesSealed.Seal(key, dataKey.Span, context.Span));
    }

    public ValueTask<byte[]?> Unwrap(ReadOnlyMemory<byte> wrapped, ReadOnlyMemory<byte> context, CancellationToken ct)
    {
        Span<byte> key = stackalloc byte[MasterKey.Length];
        Derive(context.Span, key);
        return new(AesSealed.TryOpen(key, wrapped.Span, context.Span));
    }

    void Derive(ReadOnlySpan<byte> context, Span<byte> key) => master.Derive([.. Purpose, .. SHA256.HashData(context)], key);
}

/// <summary>AES-256-GCM with a random nonce: nonce (12 bytes) · ciphertext · tag (16).</summary>
static class AesSealed
{
    const int NonceLength = 12;
    const int TagLength = 16;

    /// <summary>The key is wiped.</summary>
    public static byte[] Seal(Span<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        cipher.Encrypt(nonce, plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(box.Length - TagLength), context);
        return box;
    }

    /// <summary>The key is wiped. Null when anything differs from what was sealed.</summary>
    public static byte[]? TryOpen(Span<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        using var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        if (box.Length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[box.Length - NonceLength - TagLength];
        try
        {
            cipher.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plain, context);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
