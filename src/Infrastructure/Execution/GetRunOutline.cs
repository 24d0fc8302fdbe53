using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(Db db, CallContext call, IMediator mediator) : IRequestHandler<GetRunOutline, Result<RunOutline>>
{
    const string Sql = """
        select id, path, node_id, idx, attempt, skill_id, status, started_at, finished_at, case when usage is null then 0 else execution.usage_cost(usage) end as cost_micros
        from execution.run_steps
        where tenant_id = @tenant and run_id = @run and id > @after and id <= @last
        order by id limit @limit
        """;

    const string WithReusedSql = """
        select id, path, node_id, idx, attempt, skill_id, status, started_at, finished_at, case when usage is null then 0 else execution.usage_cost(usage) end as cost_micros from (
          select id, path, node_id, idx, attempt, skill_id, status, started_at, finished_at, usage
          from execution.run_steps
          where tenant_id = @tenant and run_id = @run and id between @first and @last
          union all
          select s.id, nullif(r.path, ''), r.node_id, s.idx, s.attempt, s.skill_id, s.status, s.started_at, s.finished_at, s.usage
          from execution.run_reused_steps r join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
          where r.tenant_id = @tenant and r.run_id = @run
        ) steps
        where id > @after order by id limit @limit
        """;

    public async Task<Result<RunOutline>> Handle(GetRunOutline request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "outline", request.Cursor);
        if (!after.IsOk)
        {
            return after.Error;
        }

        if (await db.One<bool?>(RunSql.Reuses, new { tenant = call.Tenant, id = request.RunId, me = call.UserId, all = call.SeesAllTalks() }, cancellationToken) is not { } reuses)
        {
            return ExecutionErrors.RunNotFound;
        }

        var size = request.Limit ?? GetRunOutline.MaxLimit;
        var (before, first, last) = RunSql.StepIds(request.RunId);
        var rows = await db.Query<Row>(
            reuses ? WithReusedSql : Sql,
            new { tenant = call.Tenant, run = request.RunId, after = after.Value ?? (reuses ? Guid.Empty : before), first, last, limit = size + 1 }, cancellationToken);
        var slugs = await mediator.Send(new GetSkillNames([.. rows.Where(row => row.SkillId is not null).Select(row => row.SkillId!.Value).Distinct()]), cancellationToken);
        if (!slugs.IsOk)
        {
            return slugs.Error;
        }

        var page = Page<Row>.Of(rows, size, row => IdCursor.Encode(call.Tenant, "outline", row.Id));
        return Columns(page, slugs.Value);
    }

    static RunOutline Columns(Page<Row> page, IReadOnlyDictionary<Guid, string> slugs)
    {
        var rows = page.Items;
        var origin = rows.Min(row => row.StartedAt);
        var (nodes, skills, statuses) = (new Names(), new Names(), new Names());
        return new RunOutline(
            origin, nodes.Listed, skills.Listed, statuses.Listed,
            [.. rows.Select(row => nodes.PlaceOf(row.NodeId))],
            [.. rows.Select(row => row.Path ?? "")],
            [.. rows.Select(row => row.Idx)],
            [.. rows.Select(row => row.Attempt)],
            [.. rows.Select(row => row.SkillId is { } id && slugs.TryGetValue(id, out var slug) ? skills.PlaceOf(slug) : (int?)null)],
            [.. rows.Select(row => statuses.PlaceOf(row.Status))],
            [.. rows.Select(row => Milliseconds(origin, row.StartedAt))],
            [.. rows.Select(row => Milliseconds(row.StartedAt, row.FinishedAt))],
            [.. rows.Select(row => row.CostMicros)],
            page.NextCursor);
    }

    static long? Milliseconds(DateTimeOffset? from, DateTimeOffset? to) => (to - from) is { } span ? (long)span.TotalMilliseconds : null;

    /// <summary>Gives each name its place when it comes first.</summary>
    sealed class Names
    {
        readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
        readonly List<string> listed = [];

        public IReadOnlyList<string> Listed => listed;

        public int PlaceOf(string name)
        {
            if (!places.TryGetValue(name, out var place))
            {
                places.Add(name, place = listed.Count);
                listed.Add(name);
            }

            return place;
        }
    }

    sealed record Row(
        Guid Id, string? Path, string NodeId, int Idx, int Attempt, Guid? SkillId, string Status, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, long CostMicros);
}
