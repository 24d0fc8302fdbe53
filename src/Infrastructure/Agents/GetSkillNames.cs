using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetSkillNames, Result<IReadOnlyDictionary<Guid, string>>>
{
    const string Sql =
        """
        select id, slug from agents.skills where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and id = any(@ids)
        """;

    public async Task<Result<IReadOnlyDictionary<Guid, string>>> Handle(GetSkillNames request, CancellationToken cancellationToken)
    {
        if (request.Ids.Count == 0)
        {
            return new Dictionary<Guid, string>();
        }

        var rows = await db.Query<(Guid Id, string Slug)>(Sql, new { tenant = call.Tenant, ids = request.Ids.ToArray() }, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Slug);
    }
}
