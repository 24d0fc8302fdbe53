using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListLatestRuns, Result<LatestRuns>>
{
    /// <summary>For each agent a walk along its index that ends after so many entries; what was only tried says nothing of how the agent works.</summary>
    const string Sql = $"""
        select r.agent_id, r.id, r.status, r.queued_at, r.finished_at
        from unnest(@agents) a (id)
        cross join lateral (
          select agent_id, id, status, queued_at, finished_at from execution.runs
          where tenant_id = @tenant and agent_id = a.id and not is_test and {RunSql.Visible} order by id desc limit @last) r
        """;

    public async Task<Result<LatestRuns>> Handle(ListLatestRuns request, CancellationToken cancellationToken)
    {
        var rows = await db.Query<Row>(Sql, new { tenant = call.Tenant, agents = request.AgentIds.Distinct().ToArray(), last = request.Last, me = call.UserId, all = call.SeesAllTalks() }, cancellationToken);
        return new LatestRuns(
            [.. rows.GroupBy(row => row.AgentId).Select(agent =>
                new LatestRunsOfAgent(agent.Key, [.. agent.OrderByDescending(row => row.Id).Select(row => new LatestRun(row.Id, row.Status, row.QueuedAt, row.FinishedAt))]))]);
    }

    sealed record Row(Guid AgentId, Guid Id, string Status, DateTimeOffset QueuedAt, DateTimeOffset? FinishedAt);
}
