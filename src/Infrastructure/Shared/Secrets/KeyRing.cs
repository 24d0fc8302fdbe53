using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>
/// The master keys that this node knows: the current one, with which everything new is sealed, and others that it can still open. A key is changed
/// in three steps, each on every node before the next: the new one is made known, is made the current one, and, once <c>rotate-keys</c> has
/// sealed everything anew, the old one is forgotten.
/// </summary>
public sealed class KeyRing
{
    /// <summary>The current key itself, in base64, instead of a file: <c>Encryption__Key</c> in the environment.</summary>
    public const string KeyConfigurationKey = "Encryption:Key";

    /// <summary>Files of keys that are known but not current, separated by commas.</summary>
    public const string OtherFilesConfigurationKey = "Encryption:OtherKeyFiles";

    /// <summary>The same as keys in base64, for the environment.</summary>
    public const string OtherKeysConfigurationKey = "Encryption:OtherKeys";

    readonly MasterKey[] all;

    public KeyRing(MasterKey current, params IReadOnlyList<MasterKey> others)
    {
        Current = current;
        all = [current, .. others.Where(other => !other.Id.SequenceEqual(current.Id))];
    }

    public MasterKey Current { get; }

    public IReadOnlyList<MasterKey> All => all;

    /// <exception cref="StartException">A key cannot be used; the message is one sentence for the operator.</exception>
    public static KeyRing FromConfiguration(IConfiguration configuration, string dataDirectory)
    {
        var current = configuration[KeyConfigurationKey] is { Length: > 0 } key ? Parse(key, "Encryption__Key") : MasterKey.FromConfiguration(configuration, dataDirectory);
        return new KeyRing(
            current,
            [
                .. List(configuration[OtherFilesConfigurationKey]).Select(path => File.Exists(path) ? MasterKey.LoadOrCreate(path) : throw new StartException($"The key file {path} of Encryption__OtherKeyFiles does not exist.")),
                .. List(configuration[OtherKeysConfigurationKey]).Select(other => Parse(other, "Encryption__OtherKeys")),
            ]);
    }

    internal MasterKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in all)
        {
            if (key.Id.SequenceEqual(id))
            {
                return key;
            }
        }

        return null;
    }

    static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    static MasterKey Parse(string text, string name)
    {
        Span<byte> key = stackalloc byte[MasterKey.Length];
        try
        {
            return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == MasterKey.Length
                ? new MasterKey(key)
                : throw new StartException($"{name} does not hold {MasterKey.Length} bytes in base64.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
