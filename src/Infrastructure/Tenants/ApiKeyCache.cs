using System.Collections.Concurrent;
using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Infrastructure.Tenants;

sealed record KeyCaller(Guid KeyId, Guid TenantId, Guid UserId, PermissionSet Permissions);

/// <summary>
/// Verified keys for less than a second, by their hash: a program that calls a thousand times a second costs one query a second, and a revoked
/// key still stops within one. Only keys that exist are remembered, and of those a bounded number.
/// </summary>
sealed class ApiKeyCache(TimeProvider time)
{
    const int MaxEntries = 10_000;

    static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(900);

    readonly ConcurrentDictionary<string, (KeyCaller Caller, long Asked)> entries = [];

    public long Now => time.GetTimestamp();

    public KeyCaller? Find(byte[] hash) =>
        entries.TryGetValue(Convert.ToHexString(hash), out var entry) && time.GetElapsedTime(entry.Asked) < Lifetime ? entry.Caller : null;

    /// <param name="asked">When the database was asked (<see cref="Now"/>).</param>
    public void Remember(byte[] hash, KeyCaller caller, long asked)
    {
        // Starting over costs each live key one query; keeping an order of use would cost every request a lock.
        if (entries.Count >= MaxEntries)
        {
            entries.Clear();
        }

        entries[Convert.ToHexString(hash)] = (caller, asked);
    }
}
