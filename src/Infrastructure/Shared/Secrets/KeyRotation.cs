using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>Rows of one table whose secrets are sealed anew when the key changes.</summary>
interface ISealedRows : IHangingRows
{
    /// <summary>Seals the next rows of the caller's tenant, after <paramref name="after"/>, that another than the current key holds. A row that somebody changes meanwhile is left to them:
    /// whatever is stored now is sealed with the current key.</summary>
    Task<SealedBatch> SealNext(Guid after, CancellationToken ct);
}

/// <param name="Failed">Rows that could not be opened: their key is not known here.</param>
/// <param name="Last">Null when there are no more.</param>
sealed record SealedBatch(int Done, int Failed, Guid? Last);

/// <summary>How far a rotation came.</summary>
/// <param name="Done">Rows that were sealed with the current key.</param>
/// <param name="Failed">Rows that were left as they were, because they do not open here.</param>
public sealed record RotatedRows(string Name, int Done, int Failed);

/// <summary>
/// Puts everything under the current key that still hangs on another: tenant by tenant under its own row-level security, in small statements, while everything
/// goes on. What is done is told by the rows themselves, so it may be stopped anywhere and started again.
/// </summary>
public sealed class KeyRotation(IServiceScopeFactory scopes)
{
    const int TenantsAtOnce = 500;

    public async Task<IReadOnlyList<RotatedRows>> Run(CancellationToken ct)
    {
        var sum = new Dictionary<string, RotatedRows>(StringComparer.Ordinal);
        await ForEachTenant((services, token) => Rotate(services, sum, token), ct);
        return [.. sum.Values];
    }

    /// <summary>What still hangs on other keys, of all tenants; while there is anything the old key may not go.</summary>
    public async Task<IReadOnlyList<KeyUse>> Status(CancellationToken ct)
    {
        var sum = new Dictionary<string, HangingRows>(StringComparer.Ordinal);
        await ForEachTenant(async (services, token) =>
        {
            foreach (var rows in services.GetServices<ISealedRows>().Concat(services.GetServices<IHangingRows>()))
            {
                var (more, total) = (await rows.Count(token), sum.GetValueOrDefault(rows.Name) ?? new HangingRows(0, null));
                sum[rows.Name] = new HangingRows(total.Rows + more.Rows, more.Until > total.Until || total.Until is null ? more.Until : total.Until);
            }
        }, ct);
        return [.. sum.Select(entry => new KeyUse(entry.Key, entry.Value))];
    }

    async Task ForEachTenant(Func<IServiceProvider, CancellationToken, Task> act, CancellationToken ct)
    {
        Guid? after = null;
        while (true)
        {
            var tenants = await Tenants(after, ct);
            foreach (var tenant in tenants)
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenant, null, PermissionSet.None);
                await act(scope.ServiceProvider, ct);
            }

            if (tenants.Count < TenantsAtOnce)
            {
                return;
            }

            after = tenants[^1];
        }
    }

    async Task<IReadOnlyList<Guid>> Tenants(Guid? after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ListTenantIds(after, TenantsAtOnce), ct)).Value;
    }

    static async Task Rotate(IServiceProvider services, Dictionary<string, RotatedRows> sum, CancellationToken ct)
    {
        foreach (var rows in services.GetServices<ISealedRows>())
        {
            var total = sum.GetValueOrDefault(rows.Name) ?? new RotatedRows(rows.Name, 0, 0);
            for (Guid? last = Guid.Empty; last is { } from;)
            {
                var batch = await rows.SealNext(from, ct);
                total = total with { Done = total.Done + batch.Done, Failed = total.Failed + batch.Failed };
                last = batch.Last;
            }

            sum[rows.Name] = total;
        }
    }
}
