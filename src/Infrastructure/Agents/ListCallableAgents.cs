using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListCallableAgents, Result<Page<CallableAgent>>>
{
    const string ListName = "callable_agents";

    const string Sql =
        """
        select a.id, a.slug, a.name, a.description, v.semantic_version as version, v.input_schema, v.output_schema
        from agents.agents a
        join agents.agent_versions v on v.tenant_id = a.tenant_id and v.id = a.latest_version_id
        where a.tenant_id = @tenant and a.deleted_at is null and a.status = 'active' and (@slug::text is null or a.slug = @slug)
          and (@after::text is null or a.slug collate "C" > @after)
        order by a.slug collate "C"
        limit @take
        """;

    public async Task<Result<Page<CallableAgent>>> Handle(ListCallableAgents request, CancellationToken cancellationToken)
    {
        var cursor = Cursor.Decode(call.Tenant, ListName, request.Page.Cursor, 1);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        if (request.Slug is { } slug && !Slug.IsValid(slug))
        {
            return new Page<CallableAgent>([], null);
        }

        var rows = await db.Query<CallableAgent>(Sql, new { tenant = call.Tenant, request.Slug, after = cursor.Value?[0], take = request.Page.Size + 1 }, cancellationToken);
        return Page<CallableAgent>.Of(rows, request.Page.Size, last => Cursor.Encode(call.Tenant, ListName, last.Slug));
    }
}
