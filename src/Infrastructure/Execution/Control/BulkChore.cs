using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Works bulk operations off: a batch of each in turn, so that a large one does not keep a small one waiting.</summary>
sealed class BulkChore(DataSources sources, IServiceScopeFactory scopes, Backlog backlog, EngineOptions options, ILogger<BulkChore> log) : IChore
{
    const int AtOnce = 20;

    const string OpenSql = """
        select tenant_id, id, created_by from execution.bulk_operations where finished_at is null and (action = 'cancel' or @room) order by updated_at limit @count
        """;

    public async Task<bool> DoSome(CancellationToken ct)
    {
        var more = false;
        foreach (var (tenant, id, user) in await Open(ct))
        {
            more |= await Advance(tenant, id, user, ct);
        }

        return more;
    }

    /// <summary>A replay puts runs into the queue: while that is full it waits like any other caller.</summary>
    async Task<List<(Guid Tenant, Guid Id, Guid? User)>> Open(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(OpenSql);
        command.Parameters.AddWithValue("room", backlog.Total < options.MaxQueueDepth);
        command.Parameters.AddWithValue("count", AtOnce);
        var open = new List<(Guid, Guid, Guid?)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            open.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetValue(2) as Guid?));
        }

        return open;
    }

    async Task<bool> Advance(Guid tenant, Guid id, Guid? user, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenant, user, PermissionSet.None);
        var advanced = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AdvanceBulk(id), ct);
        if (!advanced.IsOk)
        {
            log.LogWarning("Bulk operation {Id} of tenant {TenantId} goes on a little later: {Code}", id, tenant, advanced.Error.Code);
        }

        return advanced is { IsOk: true, Value: true };
    }
}
