using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListAuditLogs, Result<Page<AuditEntryView>>>
{
    // By the chain's own order. An id is made shortly before its entry, so a day's margin on it prunes the partitions of other months
    // and loses no entry.
    const string List = """
        select id, seq, created_at, actor_kind, actor_id, credential_id, action, resource_type, resource_id, old_values, new_values, ip, user_agent,
               status, error_message, encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash
        from tenants.audit_logs
        where tenant_id = tenants.current_tenant_id()
          and (@Before::bigint is null or seq < @Before::bigint)
          and (@Action::text is null or action = @Action)
          and (@ResourceType::text is null or resource_type = @ResourceType)
          and (@Actor::uuid is null or actor_id = @Actor or credential_id = @Actor)
          and (@Since::timestamptz is null or (created_at >= @Since and id >= platform.uuid_v7_floor(greatest(@Since::timestamptz, '1970-01-03') - interval '1 day')))
          and (@Until::timestamptz is null or (created_at < @Until and id < platform.uuid_v7_floor(greatest(least(@Until::timestamptz, '9000-01-01'), '1970-01-03') + interval '1 day')))
        order by seq desc limit @Limit
        """;

    public async Task<Result<Page<AuditEntryView>>> Handle(ListAuditLogs request, CancellationToken cancellationToken)
    {
        var cursor = Cursor.Decode(call.Tenant, "audit_logs", request.Page.Cursor, 1);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        long? before = null;
        if (cursor.Value is { } values)
        {
            if (!long.TryParse(values[0], out var seq))
            {
                return Cursor.Invalid;
            }

            before = seq;
        }

        var entries = await db.Query<AuditEntryView>(List, new
        {
            Before = before,
            request.Action,
            request.ResourceType,
            request.Actor,
            request.Since,
            request.Until,
            Limit = request.Page.Size + 1,
        }, cancellationToken);
        return Page<AuditEntryView>.Of(entries, request.Page.Size, entry => Cursor.Encode(call.Tenant, "audit_logs", $"{entry.Seq}"));
    }
}
