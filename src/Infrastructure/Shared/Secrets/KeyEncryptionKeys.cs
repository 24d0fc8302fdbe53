using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>A key that encrypts nothing but the keys of stored secrets. Where it lives is its own affair.</summary>
interface IKeyEncryptionKey
{
    /// <summary>Stands beside what it encrypted, 1 to 255 characters; tells nothing of the key.</summary>
    string Id { get; }

    /// <exception cref="KeyServiceException">Whoever keeps the key does not answer.</exception>
    ValueTask<byte[]> Wrap(ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken ct);

    /// <returns>Null when it was not wrapped by this key, or in another context.</returns>
    /// <exception cref="KeyServiceException">Whoever keeps the key does not answer.</exception>
    ValueTask<byte[]?> Unwrap(ReadOnlyMemory<byte> wrapped, ReadOnlyMemory<byte> context, CancellationToken ct);
}

/// <summary>Whoever keeps the key-encryption keys does not answer, or not sensibly.</summary>
sealed class KeyServiceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The key-encryption keys that this node can use: the current one for whatever is new, the others for what they once encrypted.</summary>
sealed class KeyEncryptionKeys(IKeyEncryptionKey current, params IReadOnlyList<IKeyEncryptionKey> others)
{
    readonly Dictionary<string, IKeyEncryptionKey> byId = others.Append(current).DistinctBy(key => key.Id).ToDictionary(key => key.Id, StringComparer.Ordinal);

    public IKeyEncryptionKey Current => current;

    public IKeyEncryptionKey? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>The key service where one is configured, else the current master key; the other of the two stays readable, so that either can follow the other.</summary>
    public static KeyEncryptionKeys FromConfiguration(IConfiguration configuration, KeyRing ring)
    {
        IKeyEncryptionKey[] local = [.. ring.All.Select(key => new LocalKeyEncryptionKey(key))];
        var service = KeyServiceOptions.From(configuration);
        return service is null ? new(local[0], local)
            : service.IsCurrent ? new(new KeyServiceKey(service), local)
            : new(local[0], [.. local, new KeyServiceKey(service)]);
    }
}
