using System.Collections.Concurrent;
using AgentPlatform.Application.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>Which tenants are served, asked for all of a batch at once and kept for a few seconds.</summary>
sealed class ServedTenants(IServiceScopeFactory scopes, TimeProvider time)
{
    const int MaxKept = 100_000;

    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<Guid, (bool IsServed, long Asked)> known = new();

    public async Task<IReadOnlySet<Guid>> Among(IEnumerable<Guid> tenants, CancellationToken ct)
    {
        var asked = tenants.ToHashSet();
        var unknown = asked.Where(id => !known.TryGetValue(id, out var kept) || time.GetElapsedTime(kept.Asked) > Fresh).ToList();
        if (unknown.Count > 0)
        {
            await Ask(unknown, ct);
        }

        return asked.Where(id => known.GetValueOrDefault(id).IsServed).ToHashSet();
    }

    async Task Ask(List<Guid> tenants, CancellationToken ct)
    {
        if (known.Count + tenants.Count > MaxKept)
        {
            known.Clear();
        }

        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ListTenantStandings(tenants), ct);
        var active = found.Value.Where(tenant => tenant.IsActive).Select(tenant => tenant.Id).ToHashSet();
        var now = time.GetTimestamp();
        foreach (var id in tenants)
        {
            known[id] = (active.Contains(id), now);
        }
    }
}
