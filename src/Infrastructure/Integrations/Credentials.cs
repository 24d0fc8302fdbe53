using System.Collections.Concurrent;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>
/// Opened credentials, for seconds: a loop of a hundred calls opens one once. NOTIFY drops what was changed or deleted; the short life is for
/// what nobody tells of, such as its end.
/// </summary>
sealed class Credentials(IServiceScopeFactory scopes, TokenRefresher refresher, TimeProvider time) : ICredentials, INotified
{
    const int MaxKept = 10_000;

    static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<CredentialQuery, (CredentialFound Found, DateTimeOffset Until)> opened = new();
    int epoch;

    public string Topic => "credentials";

    public async ValueTask<CredentialFound> Find(CredentialQuery query, CancellationToken ct)
    {
        if (opened.TryGetValue(query, out var known) && time.GetUtcNow() < known.Until)
        {
            SecretsInUse.Note(known.Found.Secret!);
            return known.Found;
        }

        // A change that is told while we read must not be overwritten by what we read before it.
        var before = Volatile.Read(ref epoch);
        var (found, until) = await Read(query, ct);
        if (found.Secret is { } secret)
        {
            SecretsInUse.Note(secret);
            Keep(query, found, until, before);
        }

        return found;
    }

    /// <param name="what"><c>tenant:id</c>: which queries a changed credential answers is not worth knowing, so the tenant's all go.</param>
    public void Told(string what)
    {
        Interlocked.Increment(ref epoch);
        if (!Guid.TryParse(what.Split(':')[0], out var tenantId))
        {
            opened.Clear();
            return;
        }

        foreach (var query in opened.Keys)
        {
            if (query.TenantId == tenantId)
            {
                opened.TryRemove(query, out _);
            }
        }
    }

    public void Lost()
    {
        Interlocked.Increment(ref epoch);
        opened.Clear();
    }

    void Keep(CredentialQuery query, CredentialFound found, DateTimeOffset? until, int before)
    {
        if (opened.Count >= MaxKept)
        {
            opened.Clear();
        }

        var end = time.GetUtcNow() + Lifetime;
        opened[query] = (found, until < end ? until.Value : end);
        if (Volatile.Read(ref epoch) != before)
        {
            opened.TryRemove(query, out _);
        }
    }

    async Task<(CredentialFound Found, DateTimeOffset? Until)> Read(CredentialQuery query, CancellationToken ct)
    {
        if (query is { Name: null, Vendor: null, Integration: null })
        {
            return (new(null, CredentialFaults.Unknown("without a name")), null);
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, query.TenantId, null, PermissionSet.None);
        var reader = scope.ServiceProvider.GetRequiredService<CredentialReader>();
        var row = await reader.Find(query, ct);
        switch (row)
        {
            case null:
                return (new(null, CredentialFaults.Unknown(query.Name is { } name ? $"\"{name}\"" : $"for {query.Vendor ?? query.Integration}")), null);
            case { IsExpired: true }:
                return (new(null, CredentialFaults.Expired(row.Name)), null);
            case { Status: "consent_needed" }:
                return (new(null, CredentialFaults.ConsentNeeded(row.Id, row.Name)), null);
        }

        if (row.NeedsRefresh(time.GetUtcNow() + TokenRefresher.Margin))
        {
            var refreshed = await refresher.Refresh(query.TenantId, row.Id, ct);
            return (new(refreshed.Secret, refreshed.Error), Earlier(row.ExpiresAt, refreshed.Until));
        }

        var (fields, error) = await reader.Open(query.TenantId, row, ct);
        return fields is null ? (new(null, error), null) : (new(row.ToSecret(fields), null), Earlier(row.ExpiresAt, row.TokenExpiresAt - TokenRefresher.Margin));
    }

    static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
