using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListTags, Result<Page<TagView>>>
{
    const string ListName = "tags";

    const string Sql =
        """
        select id, slug, name, description, color, is_active, created_at from agents.tags
        where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and (@after::uuid is null or id < @after)
        order by id desc
        limit @take
        """;

    public async Task<Result<Page<TagView>>> Handle(ListTags request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<TagView>(Sql, new { tenant = call.Tenant, after = cursor.Value, take = request.Page.Size + 1 }, cancellationToken);
        return Page<TagView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
