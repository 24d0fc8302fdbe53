using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListAgents, Result<Page<AgentView>>>
{
    const string ListName = "agents";

    const string Sql =
        AgentSql.SelectAgent +
        """
          and (@kind::text is null or a.kind = @kind)
          and (@status::text is null or a.status = @status)
          and (@tag::text is null or @tag = any(a.tags))
          and (@pattern::text is null or a.name ilike @pattern or a.slug ilike @pattern or a.description ilike @pattern
            or exists (select from unnest(a.tags) t where t ilike @pattern))
          and (@usesSkill::text is null or exists (
            select from agents.agent_version_skills u
            where u.tenant_id = a.tenant_id and u.skill = @usesSkill and u.agent_version_id = a.latest_version_id))
          and (@feature::text is null or exists (
            select from agents.agent_features f where f.tenant_id = a.tenant_id and f.agent_id = a.id and f.feature_id = @feature))
          and (@favorite::boolean is null or @favorite = exists (
            select from agents.agent_favorites w where w.tenant_id = a.tenant_id and w.user_id = @user and w.agent_id = a.id))
          and (@after::uuid is null or a.id < @after)
        order by a.id desc
        limit @take
        """;

    public async Task<Result<Page<AgentView>>> Handle(ListAgents request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<AgentView>(
            Sql,
            new
            {
                tenant = call.Tenant,
                user = call.UserId,
                request.Kind,
                request.Status,
                request.Tag,
                pattern = LikePattern.Containing(request.Query),
                request.UsesSkill,
                request.Feature,
                request.Favorite,
                after = cursor.Value,
                take = request.Page.Size + 1,
            },
            cancellationToken);
        return Page<AgentView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
