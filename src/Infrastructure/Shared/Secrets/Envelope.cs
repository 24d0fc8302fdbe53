using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>A secret as it is stored: encrypted under a key of its own, and that key under a key-encryption key.</summary>
/// <param name="KeyId">Which key-encryption key.</param>
sealed record SealedSecret(byte[] Secret, byte[] DataKey, string KeyId);

/// <summary>
/// Envelope encryption. Both ciphertexts are bound to tenant, object and version: swapped between rows, or put back from an older version, they do
/// not open. Changing the key-encryption key touches only the few bytes of each data key.
/// </summary>
sealed class Envelope(KeyEncryptionKeys keys)
{
    const int DataKeyLength = 32;
    const byte Format = 1;

    public string CurrentKeyId => keys.Current.Id;

    /// <exception cref="KeyServiceException">Whoever keeps the key does not answer.</exception>
    public async ValueTask<SealedSecret> Seal(ReadOnlyMemory<byte> plain, Guid tenantId, Guid objectId, int version, CancellationToken ct)
    {
        var dataKey = RandomNumberGenerator.GetBytes(DataKeyLength);
        var context = Context(tenantId, objectId, version);
        var wrapped = await keys.Current.Wrap(dataKey, context, ct);
        return new SealedSecret([Format, .. AesSealed.Seal(dataKey, plain.Span, context)], wrapped, keys.Current.Id);
    }

    /// <returns>Null when something is not as it was sealed, or its key is not known here: never a user's mistake.</returns>
    /// <exception cref="KeyServiceException">Whoever keeps the key does not answer.</exception>
    public async ValueTask<byte[]?> Open(SealedSecret secret, Guid tenantId, Guid objectId, int version, CancellationToken ct)
    {
        var context = Context(tenantId, objectId, version);
        return secret.Secret is [Format, ..] && keys.Find(secret.KeyId) is { } key && await key.Unwrap(secret.DataKey, context, ct) is { Length: DataKeyLength } dataKey
            ? AesSealed.TryOpen(dataKey, secret.Secret.AsSpan(1), context)
            : null;
    }

    /// <summary>The same data key under the current key-encryption key; the secret itself is not touched.</summary>
    /// <returns>Null as for <see cref="Open"/>.</returns>
    /// <exception cref="KeyServiceException">Whoever keeps one of the keys does not answer.</exception>
    public async ValueTask<byte[]?> Rewrap(byte[] wrapped, string keyId, Guid tenantId, Guid objectId, int version, CancellationToken ct)
    {
        var context = Context(tenantId, objectId, version);
        if (keys.Find(keyId) is not { } former || await former.Unwrap(wrapped, context, ct) is not { Length: DataKeyLength } dataKey)
        {
            return null;
        }

        var anew = await keys.Current.Wrap(dataKey, context, ct);
        CryptographicOperations.ZeroMemory(dataKey);
        return anew;
    }

    static byte[] Context(Guid tenantId, Guid objectId, int version)
    {
        var context = new byte[16 + 16 + sizeof(int)];
        tenantId.TryWriteBytes(context, bigEndian: true, out _);
        objectId.TryWriteBytes(context.AsSpan(16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(context.AsSpan(32), version);
        return context;
    }
}
