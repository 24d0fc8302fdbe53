using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Shared.Secrets;

/// <summary>Rows of one table whose secrets hang on the master key or on a key-encryption key.</summary>
interface ISealedRows
{
    /// <summary>In the plural, for the operator.</summary>
    string Name { get; }

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
        Guid? after = null;
        while (true)
        {
            var tenants = await Tenants(after, ct);
            foreach (var tenant in tenants)
            {
                await Rotate(tenant, sum, ct);
            }

            if (tenants.Count < TenantsAtOnce)
            {
                return [.. sum.Values];
            }

            after = tenants[^1];
        }
    }

    async Task<IReadOnlyList<Guid>> Tenants(Guid? after, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ListTenantIds(after, TenantsAtOnce), ct)).Value;
    }

    async Task Rotate(Guid tenant, Dictionary<string, RotatedRows> sum, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenant, null, PermissionSet.None);
        foreach (var rows in scope.ServiceProvider.GetServices<ISealedRows>())
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
