using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Which step was the last of each node, over an agent's latest runs. What somebody pinned is no result of a node.</summary>
sealed class LatestStepRows(Db db, CallContext call)
{
    const string RunsSql = $"""
        select id, input::text from execution.runs where tenant_id = @tenant and agent_id = @agent and {RunSql.Visible} order by id desc limit 10
        """;

    /// <summary>Ids of steps rise with time. What a run took over may be older than the runs that are looked at.</summary>
    const string Sql = """
        select distinct on (node_id) id, node_id, status from (
          select s.id, s.node_id, case when s.overridden_output is null then s.status else 'succeeded' end as status
          from unnest(@ids, @firsts, @lasts) as g (run, first, last)
          join execution.run_steps s on s.tenant_id = @tenant and s.id between g.first and g.last and s.run_id = g.run
          where s.path is null and s.status in ('succeeded', 'failed', 'skipped') and not (s.attempt = 0 and s.overridden_output is not null)
          union all
          select s.id, s.node_id, case when s.overridden_output is null then s.status else 'succeeded' end
          from execution.run_reused_steps r join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
          where r.tenant_id = @tenant and r.run_id = any(@ids) and r.path = ''
        ) steps
        order by node_id, id desc
        """;

    public async Task<LatestRuns> Of(Guid agent, CancellationToken ct)
    {
        var runs = await db.Query<RunRow>(RunsSql, new { tenant = call.Tenant, agent, me = call.UserId, all = call.SeesAllTalks() }, ct);
        if (runs.Count == 0)
        {
            return new LatestRuns(null, null, []);
        }

        var ranges = runs.Select(run => StepId.Range(run.Id)).ToList();
        var args = new
        {
            tenant = call.Tenant,
            ids = runs.Select(run => run.Id).ToArray(),
            firsts = ranges.Select(range => range.First).ToArray(),
            lasts = ranges.Select(range => range.Last).ToArray(),
        };
        return new LatestRuns(runs[0].Id, runs[0].Input, await db.Query<LatestStepRow>(Sql, args, ct));
    }

    sealed record RunRow(Guid Id, string Input);
}

/// <param name="Input">JSON text of the latest run's.</param>
sealed record LatestRuns(Guid? RunId, string? Input, IReadOnlyList<LatestStepRow> Steps);

sealed record LatestStepRow(Guid Id, string NodeId, string Status)
{
    public FormerResult Result => Status switch
    {
        "succeeded" => FormerResult.Succeeded,
        "failed" => FormerResult.Failed,
        _ => FormerResult.Skipped,
    };
}

file sealed class Handler(LatestStepRows latest, Db db, CallContext call, IMediator mediator) : IRequestHandler<ListLatestSteps, Result<LatestSteps>>
{
    const int MaxCharacters = 256 * 1024;

    const string Sql = """
        select s.node_id, s.run_id, r.is_test, s.attempt, s.status, case when not cut then t.input end as input, case when not cut then t.output end as output, cut as is_cut,
          s.error, s.usage, s.started_at, s.finished_at
        from execution.run_steps s
        join execution.runs r on r.tenant_id = s.tenant_id and r.id = s.run_id
        cross join lateral (select s.input::text, coalesce(s.overridden_output, s.output)::text) t (input, output)
        cross join lateral (select coalesce(char_length(t.input), 0) + coalesce(char_length(t.output), 0) > @most) c (cut)
        where s.tenant_id = @tenant and s.id = any(@ids)
        order by s.id
        """;

    public async Task<Result<LatestSteps>> Handle(ListLatestSteps request, CancellationToken cancellationToken)
    {
        var agent = await mediator.Send(new GetAgentReference(request.Agent), cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var runs = await latest.Of(agent.Value.AgentId, cancellationToken);
        var steps = await db.Query<LatestStep>(Sql, new { tenant = call.Tenant, ids = runs.Steps.Select(step => step.Id).ToArray(), most = MaxCharacters }, cancellationToken);
        return new LatestSteps(runs.RunId, runs.Input is { } input ? System.Text.Json.JsonElement.Parse(input) : null, steps);
    }
}
