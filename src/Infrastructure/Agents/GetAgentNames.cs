using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAgentNames, Result<IReadOnlyDictionary<Guid, string>>>
{
    const string Sql = "select id, slug from agents.agents where tenant_id = @tenant and id = any(@ids)";

    public async Task<Result<IReadOnlyDictionary<Guid, string>>> Handle(GetAgentNames request, CancellationToken cancellationToken)
    {
        var rows = await db.Query<(Guid Id, string Slug)>(Sql, new { tenant = call.Tenant, ids = request.Ids.ToArray() }, cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Slug);
    }
}
