using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetSkillVersions, Result<IReadOnlyDictionary<Guid, ResolvedSkill>>>
{
    public async Task<Result<IReadOnlyDictionary<Guid, ResolvedSkill>>> Handle(GetSkillVersions request, CancellationToken cancellationToken)
    {
        var rows = await db.Query<SkillRow>(SkillSql.ByVersion, new { tenant = call.Tenant, versions = request.Ids.Distinct().ToArray() }, cancellationToken);
        return rows.ToDictionary(row => row.VersionId!.Value, row => row.ToResolved());
    }
}
