using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

static class RunSql
{
    /// <summary>A run that answers in a conversation says what was said there: it is for those who may read that.</summary>
    public const string Visible = "(conversation_id is null or created_by = @me or @all)";

    public const string One = $"""
        select id, agent_id, agent_version_id, trigger_id, trigger_source, parent_run_id, root_run_id, replay_of_run_id, status, priority::int, input::text, output::text, error, u.used as usage,
          attempt, steps_total, steps_completed, current_node,
          execution.usage_cost(u.used) as cost_micros, created_by, api_key_id, queued_at, started_at, finished_at, deadline_at,
          case when status = 'queued' then execution.queue_position(tenant_id, id) end as queue_position, is_test
        from execution.runs r
        cross join lateral (select case when r.finished_at is null and r.attempt > 0 then execution.run_usage(r.tenant_id, r.id) else r.usage end) u (used)
        where tenant_id = @tenant and id = @id and {Visible}
        """;

    /// <summary>Whether the run stands on steps of an earlier one; no row where there is no such run.</summary>
    public const string Reuses = $"select reuses from execution.runs where tenant_id = @tenant and id = @id and {Visible}";

    /// <summary>Where a run's steps lie in the primary key. Lists read it with "greater than": the first id is the first of the range itself.</summary>
    public static (Guid Before, Guid First, Guid Last) StepIds(Guid run)
    {
        var (first, last) = StepId.Range(run);
        Span<byte> bytes = stackalloc byte[16];
        first.TryWriteBytes(bytes, bigEndian: true, out _);
        for (var i = 15; i >= 0 && bytes[i]-- == 0; i--)
        {
        }

        return (new Guid(bytes, bigEndian: true), first, last);
    }
}

file sealed class Get(Db db, CallContext call) : IRequestHandler<GetRun, Result<RunView>>
{
    public async Task<Result<RunView>> Handle(GetRun request, CancellationToken cancellationToken) =>
        await db.One<RunView>(RunSql.One, new { tenant = call.Tenant, id = request.Id, me = call.UserId, all = call.SeesAllTalks() }, cancellationToken) is { } view ? view : ExecutionErrors.RunNotFound;
}

file sealed class List(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListRuns, Result<Page<RunSummary>>>
{
    const string Sql = $"""
        select id, agent_id, agent_version_id, trigger_id, trigger_source, replay_of_run_id, status, priority::int, error, attempt, steps_total, steps_completed, cost_micros,
          queued_at, started_at, finished_at, is_test, null::text as agent_slug
        from execution.runs
        where tenant_id = @tenant and (@agent::uuid is null or agent_id = @agent) and (@status::text is null or status = @status)
          and (@trigger::uuid is null or trigger_id = @trigger) and (@error_code::text is null or error ->> 'code' = @error_code)
          and (@test::boolean is null or is_test = @test)
          and id >= coalesce(platform.uuid_v7_floor(@since), '00000000-0000-0000-0000-000000000000')
          and id < least(platform.uuid_v7_floor(@until), @before) and {RunSql.Visible}
        order by id desc limit @limit
        """;

    /// <summary>Larger than any id, so that a list without a cursor has the same shape, and the same plan.</summary>
    static readonly Guid End = Guid.AllBitsSet;

    public async Task<Result<Page<RunSummary>>> Handle(ListRuns request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "runs", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var args = new
        {
            tenant = call.Tenant,
            agent = agent.Value,
            status = request.Status,
            trigger = request.Trigger,
            error_code = request.ErrorCode,
            test = request.Test,
            since = request.Since?.UtcDateTime,
            until = request.Until?.UtcDateTime,
            before = before.Value ?? End,
            limit = request.Page.Size + 1,
            me = call.UserId,
            all = call.SeesAllTalks(),
        };
        var rows = await db.Query<RunSummary>(Sql, args, cancellationToken);
        var slugs = await mediator.Send(new GetAgentNames([.. rows.Select(row => row.AgentId).Distinct()]), cancellationToken);
        if (!slugs.IsOk)
        {
            return slugs.Error;
        }

        RunSummary[] named = [.. rows.Select(row => row with { AgentSlug = slugs.Value.GetValueOrDefault(row.AgentId) })];
        return Page<RunSummary>.Of(named, request.Page.Size, last => IdCursor.Encode(call.Tenant, "runs", last.Id));
    }
}

file sealed class Steps(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListRunSteps, Result<Page<StepView>>>
{
    const string Sql = """
        select id, path, node_id, idx, item, attempt, skill_id, status, input::text, coalesce(overridden_output, output)::text as output, error, usage, started_at, finished_at,
          overridden_by, overridden_at, null::uuid as reused_from
        from execution.run_steps
        where tenant_id = @tenant and run_id = @run and id > @after and id <= @last and (@node::text is null or (node_id = @node and path is not distinct from @path))
        order by id limit @limit
        """;

    /// <summary>Steps that were taken over are older than any of the run's own: they come first in the order of ids.</summary>
    const string WithReusedSql = """
        select * from (
          select id, path, node_id, idx, item, attempt, skill_id, status, input::text, coalesce(overridden_output, output)::text as output, error, usage, started_at, finished_at,
            overridden_by, overridden_at, null::uuid as reused_from
          from execution.run_steps
          where tenant_id = @tenant and run_id = @run and id between @first and @last
          union all
          select s.id, nullif(r.path, ''), r.node_id, s.idx, s.item, s.attempt, s.skill_id, s.status, s.input::text,
            coalesce(r.overridden_output, s.overridden_output, s.output)::text, s.error, s.usage, s.started_at, s.finished_at,
            case when r.overridden_output is null then s.overridden_by else r.overridden_by end, coalesce(r.overridden_at, s.overridden_at), s.run_id
          from execution.run_reused_steps r join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
          where r.tenant_id = @tenant and r.run_id = @run
        ) steps
        where id > @after and (@node::text is null or (node_id = @node and path is not distinct from @path)) order by id limit @limit
        """;

    public async Task<Result<Page<StepView>>> Handle(ListRunSteps request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "steps", request.Page.Cursor);
        if (!after.IsOk)
        {
            return after.Error;
        }

        if (await db.One<bool?>(RunSql.Reuses, new { tenant = call.Tenant, id = request.RunId, me = call.UserId, all = call.SeesAllTalks() }, cancellationToken) is not { } reuses)
        {
            return ExecutionErrors.RunNotFound;
        }

        var (before, first, last) = RunSql.StepIds(request.RunId);
        var (path, node) = request.Place;
        var args = new { tenant = call.Tenant, run = request.RunId, after = after.Value ?? (reuses ? Guid.Empty : before), first, last, node, path, limit = request.Page.Size + 1 };
        var rows = await db.Query<StepRow>(reuses ? WithReusedSql : Sql, args, cancellationToken);
        var names = await mediator.Send(new GetSkillNames([.. rows.Where(row => row.SkillId is not null).Select(row => row.SkillId!.Value).Distinct()]), cancellationToken);
        if (!names.IsOk)
        {
            return names.Error;
        }

        var page = Page<StepRow>.Of(rows, request.Page.Size, row => IdCursor.Encode(call.Tenant, "steps", row.Id));
        return new Page<StepView>([.. page.Items.Select(row => row.ToView(names.Value))], page.NextCursor);
    }
}
