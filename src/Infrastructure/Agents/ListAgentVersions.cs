using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents, Db db, CallContext call) : IRequestHandler<ListAgentVersions, Result<Page<AgentVersionSummary>>>
{
    const string ListName = "agent_versions";

    const string Sql =
        """
        select v.id, v.semantic_version, v.changelog, v.content_hash, coalesce(json_array_length(v.graph -> 'nodes'), 0) as nodes,
          v.id = @latest as is_latest, v.created_by, v.created_at
        from agents.agent_versions v
        where v.tenant_id = @tenant and v.agent_id = @agent and not v.is_draft and (@after::uuid is null or v.id < @after)
        order by v.id desc
        limit @take
        """;

    public async Task<Result<Page<AgentVersionSummary>>> Handle(ListAgentVersions request, CancellationToken cancellationToken)
    {
        if (await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is not { } agent)
        {
            return AgentErrors.AgentNotFound;
        }

        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<AgentVersionSummary>(
            Sql,
            new { tenant = call.Tenant, agent = agent.Id, latest = agent.LatestVersionId, after = cursor.Value, take = request.Page.Size + 1 },
            cancellationToken);
        return Page<AgentVersionSummary>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
