using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(ISkills skills, Db db, CallContext call) : IRequestHandler<ListSkillVersions, Result<Page<SkillVersionView>>>
{
    const string ListName = "skill_versions";

    const string Sql = SkillSql.SelectVersion + "  and (@after::uuid is null or v.id < @after) order by v.id desc limit @take";

    public async Task<Result<Page<SkillVersionView>>> Handle(ListSkillVersions request, CancellationToken cancellationToken)
    {
        if (await skills.Find(IdOrSlug.Parse(request.Skill), cancellationToken) is not { } skill)
        {
            return AgentErrors.SkillNotFound;
        }

        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<SkillVersionView>(
            Sql, new { tenant = call.Tenant, skill = skill.Id, after = cursor.Value, take = request.Page.Size + 1 }, cancellationToken);
        // Two hundred sources of 256 KiB are no page of a list.
        return Page<SkillVersionView>.Of([.. rows.Select(row => row with { SourceCode = null })], request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
