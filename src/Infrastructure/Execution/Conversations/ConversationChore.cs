using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Execution.Control;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>Begins the replies whose turn has come: the end of the one before tells of it, and the slow poll finds what was not heard.</summary>
sealed class ConversationChore(DataSources sources, IServiceScopeFactory scopes, ILogger<ConversationChore> log) : IChore
{
    const int AtOnce = 50;

    const string DueSql = """
        select tenant_id, id, user_id from execution.conversations where active_run_id is null and pending > 0 order by last_active_at limit @count
        """;

    public async Task<bool> DoSome(CancellationToken ct)
    {
        var due = await Due(ct);
        var more = due.Count == AtOnce;
        foreach (var (tenant, id, user) in due)
        {
            more |= await Advance(tenant, id, user, ct);
        }

        return more;
    }

    async Task<List<(Guid Tenant, Guid Id, Guid User)>> Due(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(DueSql);
        command.Parameters.AddWithValue("count", AtOnce);
        var due = new List<(Guid, Guid, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            due.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)));
        }

        return due;
    }

    async Task<bool> Advance(Guid tenant, Guid id, Guid user, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenant, user, PermissionSet.None);
        var advanced = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AdvanceConversation(id), ct);
        if (!advanced.IsOk)
        {
            log.LogWarning("The next reply of conversation {Id} of tenant {TenantId} begins a little later: {Code}", id, tenant, advanced.Error.Code);
        }

        return advanced is { IsOk: true, Value: true };
    }
}
