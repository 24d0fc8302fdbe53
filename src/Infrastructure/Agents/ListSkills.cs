using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListSkills, Result<Page<SkillView>>>
{
    const string ListName = "skills";

    const string Sql =
        SkillSql.SelectSkill +
        """
          and s.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000')
          and (@type::text is null or s.type = @type)
          and (@category::text is null or s.category = @category)
          and (@tag::text is null or exists (
            select from agents.tags t
            join agents.skill_tags st on st.tenant_id = t.tenant_id and st.tag_id = t.id
            where t.tenant_id = s.tenant_id and t.slug = @tag and st.skill_id = s.id))
          and (@pattern::text is null or s.name ilike @pattern or s.slug ilike @pattern or s.description ilike @pattern)
          and (@after::uuid is null or s.id < @after)
        order by s.id desc
        limit @take
        """;

    public async Task<Result<Page<SkillView>>> Handle(ListSkills request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<SkillView>(
            Sql,
            new
            {
                tenant = call.Tenant,
                request.Type,
                request.Category,
                request.Tag,
                pattern = LikePattern.Containing(request.Query),
                after = cursor.Value,
                take = request.Page.Size + 1,
            },
            cancellationToken);
        return Page<SkillView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
