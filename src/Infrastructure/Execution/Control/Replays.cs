using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>Runs that run again. The new run and the references to what it takes over are stored in one transaction; any node claims it then.</summary>
sealed class Replays(Db db, CallContext call, RunPlans plans, FormerSteps former, QueueEntries queue, Backlog backlog, EngineOptions options, DbClock clock) : IReplays
{
    const string SourceSql = $"""
        select id, agent_id, agent_version_id, status, input::text, reuses from execution.runs where tenant_id = @tenant and id = @id and {RunSql.Visible}
        """;

    const string SourcesSql = "select id, agent_id, agent_version_id from execution.runs where tenant_id = @tenant and id = any(@ids)";

    const string AddRunsSql = """
        insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, replay_of_run_id, conversation_id, status, priority, input, config,
          created_by, api_key_id, steps_total, reuses, is_test)
        select @tenant, g.id, r.agent_id, g.version, 'replay', r.id, r.conversation_id, 'queued', r.priority, coalesce(@input::json, r.input), r.config,
          @user, @key, g.steps, @reuses, r.is_test
        from unnest(@ids, @sources, @versions, @steps) as g (id, source, version, steps)
        join execution.runs r on r.tenant_id = @tenant and r.id = g.source
        """;

    const string AddReusedSql = """
        insert into execution.run_reused_steps (tenant_id, run_id, path, node_id, step_id, overridden_output, overridden_by, overridden_at)
        select @tenant, @run, g.path, g.node, g.step, o.overridden_output, o.overridden_by, o.overridden_at
        from unnest(@paths, @nodes, @steps) as g (path, node, step)
        left join execution.run_reused_steps o
          on o.tenant_id = @tenant and o.run_id = @source and o.path = g.path and o.node_id = g.node and o.step_id = g.step and o.overridden_output is not null
        """;

    static readonly Error NotFailed = Error.Conflict("run_not_failed", "Only a failed or canceled run can be redriven; replay it instead.");

    public async Task<Result<ReplayPlan>> Plan(ReplayTerms terms, CancellationToken ct)
    {
        if (await db.One<SourceRun>(SourceSql, new { tenant = call.Tenant, id = terms.Run, me = call.UserId, all = call.SeesAllTalks() }, ct) is not { } source)
        {
            return ExecutionErrors.RunNotFound;
        }

        if (terms.IsRedrive && source.Status is not ("failed" or "canceled"))
        {
            return NotFailed;
        }

        var found = await plans.OfAgent(call.Tenant, source.AgentId.ToString(), terms.Version ?? source.AgentVersionId.ToString(), ct);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var plan = found.Value;
        if (Faults(plan, terms, source) is { } faults)
        {
            return faults;
        }

        if (terms.FromNode is { } node && plan.Graph.IndexOf(node) < 0)
        {
            return NoStart(plan.Graph, node);
        }

        return terms.FromNode is null && !terms.IsRedrive
            ? ReplayPlan.Whole(plan, source)
            : ReplayPlan.Fork(plan, source, terms.FromNode, await former.Of(source, ct));
    }

    /// <summary>What people see of a run are also the steps inside a loop, or of a model's calls: they are told where to begin instead.</summary>
    static Error NoStart(CompiledGraph graph, string node) => graph.Nodes.FirstOrDefault(outer => Holds(outer, node)) is { } around
        ? Error.Invalid("/from_node", "inside_a_node", $"{node} is inside the node {around.Id}, which stands or runs anew as a whole; begin at {around.Id}.")
        : Error.Invalid("/from_node", "node_not_found", $"The version's graph has no node {node}.");

    static bool Holds(CompiledNode outer, string node) =>
        node.StartsWith($"{outer.Id}[", StringComparison.Ordinal) || (outer.Body is { } body && (body.Graph.IndexOf(node) >= 0 || body.Graph.Nodes.Any(inner => Holds(inner, node))));

    public async Task<Result<ReplayedRun>> Start(ReplayTerms terms, CancellationToken ct)
    {
        var planned = await Plan(terms, ct);
        if (!planned.IsOk)
        {
            return planned.Error;
        }

        if (backlog.Total >= options.MaxQueueDepth || backlog.Of(call.Tenant) >= planned.Value.Plan.Queue.MaxQueued)
        {
            return ExecutionErrors.IntakeFull;
        }

        var (plan, source) = (planned.Value.Plan, planned.Value.Source);
        var id = Guid.CreateVersion7(clock.Now);
        var reused = planned.Value.Reused;
        (Guid, Guid, RunPlan)[] runs = [(id, source.Id, plan)];
        await Add(runs, terms.Input, reused.Count > 0, ct);
        if (reused.Count > 0)
        {
            await db.Execute(AddReusedSql, new
            {
                tenant = call.Tenant,
                run = id,
                source = source.Id,
                paths = reused.Select(step => step.Path).ToArray(),
                nodes = reused.Select(step => step.NodeId).ToArray(),
                steps = reused.Select(step => step.StepId).ToArray(),
            }, ct);
        }

        await queue.Add([(id, plan)], ct);
        return new ReplayedRun(id, await queue.StatusOf(id, ct), source.Id, reused.Count);
    }

    /// <summary>Runs all of them again as a whole, on their own versions.</summary>
    /// <returns>How many could not be: their agent is gone or inactive.</returns>
    public async Task<int> StartAll(IReadOnlyList<Guid> runs, CancellationToken ct)
    {
        var startable = new List<(Guid Id, Guid Source, RunPlan Plan)>(runs.Count);
        foreach (var source in await db.Query<SourceKey>(SourcesSql, new { tenant = call.Tenant, ids = runs.ToArray() }, ct))
        {
            var plan = await plans.OfAgent(call.Tenant, source.AgentId.ToString(), source.AgentVersionId.ToString(), ct);
            if (plan.IsOk)
            {
                startable.Add((Guid.CreateVersion7(clock.Now), source.Id, plan.Value));
            }
        }

        if (startable.Count > 0)
        {
            await Add(startable, null, reuses: false, ct);
            await queue.Add([.. startable.Select(run => (run.Id, run.Plan))], ct);
        }

        return runs.Count - startable.Count;
    }

    async Task Add(IReadOnlyList<(Guid Id, Guid Source, RunPlan Plan)> runs, JsonElement? input, bool reuses, CancellationToken ct) => await db.Execute(AddRunsSql, new
    {
        tenant = call.Tenant,
        user = call.UserId,
        key = call.ApiKeyId,
        input = input?.GetRawText(),
        reuses,
        ids = runs.Select(run => run.Id).ToArray(),
        sources = runs.Select(run => run.Source).ToArray(),
        versions = runs.Select(run => run.Plan.VersionId).ToArray(),
        steps = runs.Select(run => run.Plan.Graph.Nodes.Count).ToArray(),
    }, ct);

    /// <summary>The earlier run's input fitted its own version; anything else is looked at.</summary>
    static Error? Faults(RunPlan plan, ReplayTerms terms, SourceRun source)
    {
        if (plan.InputSchema is null || (terms.Input is null && plan.VersionId == source.AgentVersionId))
        {
            return null;
        }

        return plan.InputFaults(terms.Input ?? Json.Read(System.Text.Encoding.UTF8.GetBytes(source.Input)).ToJsonElement()) is { Count: > 0 } faults ? Error.Invalid(faults) : null;
    }

    sealed record SourceKey(Guid Id, Guid AgentId, Guid AgentVersionId);
}

sealed record SourceRun(Guid Id, Guid AgentId, Guid AgentVersionId, string Status, string Input, bool Reuses);
