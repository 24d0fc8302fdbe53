using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Agents;

sealed class TagStore(Db db, CallContext call) : ITags
{
    public async Task<bool> Add(TagView tag, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.tags (tenant_id, id, slug, name, description, color, is_active, created_at)
            values (@tenant, @Id, @Slug, @Name, @Description, @Color, @IsActive, @CreatedAt)
            on conflict (tenant_id, slug) do nothing
            """;
        return await db.Execute(sql, new { tenant = call.Tenant, tag.Id, tag.Slug, tag.Name, tag.Description, tag.Color, tag.IsActive, tag.CreatedAt }, ct) > 0;
    }
}
