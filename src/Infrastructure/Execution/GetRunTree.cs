using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(Db db, CallContext call, IMediator mediator) : IRequestHandler<GetRunTree, Result<RunTree>>
{
    const int MaxRuns = 1000;

    // Level by level, so that the limit keeps what is near the root; the recursion is not driven further than the rows that are taken.
    const string Sql =
        $"""
        with recursive tree as (
          select id, parent_run_id, agent_id, agent_version_id, status, detached, current_node, steps_total, steps_completed, cost_micros, queued_at, started_at, finished_at, 0 as level
          from execution.runs where tenant_id = @tenant and id = @id and {RunSql.Visible}
          union all
          select r.id, r.parent_run_id, r.agent_id, r.agent_version_id, r.status, r.detached, r.current_node, r.steps_total, r.steps_completed, r.cost_micros, r.queued_at, r.started_at,
            r.finished_at, t.level + 1
          from tree t
          join execution.runs r on r.tenant_id = @tenant and r.parent_run_id = t.id
          where t.level < 8
        )
        select id, parent_run_id, agent_id, agent_version_id, status, detached, current_node, steps_total, steps_completed,
          case when finished_at is null then execution.usage_cost(execution.run_usage(@tenant, id)) else cost_micros end as cost_micros, queued_at, started_at, finished_at
        from tree limit @limit
        """;

    public async Task<Result<RunTree>> Handle(GetRunTree request, CancellationToken cancellationToken)
    {
        var rows = await db.Query<Row>(Sql, new { tenant = call.Tenant, id = request.Id, limit = MaxRuns + 1, me = call.UserId, all = call.SeesAllTalks() }, cancellationToken);
        if (rows.Count == 0)
        {
            return ExecutionErrors.RunNotFound;
        }

        var names = await mediator.Send(new GetAgentNames([.. rows.Select(row => row.AgentId).Distinct()]), cancellationToken);
        if (!names.IsOk)
        {
            return names.Error;
        }

        Row[] shown = [.. rows.Take(MaxRuns)];
        var children = shown.Skip(1).ToLookup(row => row.ParentRunId);
        RunTreeNode Node(Row row) => new(
            row.Id, row.AgentId, names.Value.GetValueOrDefault(row.AgentId), row.AgentVersionId, row.Status, row.Detached, row.CurrentNode, row.StepsTotal, row.StepsCompleted, row.CostMicros,
            row.QueuedAt, row.StartedAt, row.FinishedAt, [.. children[row.Id].OrderBy(child => child.Id).Select(Node)]);
        return new RunTree(
            Node(shown[0]), shown.Length, shown.Sum(row => row.StepsTotal), shown.Sum(row => row.StepsCompleted), shown.Sum(row => row.CostMicros), rows.Count > MaxRuns);
    }

    sealed record Row(
        Guid Id, Guid? ParentRunId, Guid AgentId, Guid AgentVersionId, string Status, bool Detached, string? CurrentNode, int StepsTotal, int StepsCompleted, long CostMicros,
        DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
}
