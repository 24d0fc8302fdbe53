using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>
/// Test runs of drafts. The draft is stored as a version first, in a transaction of its own: the engine runs nothing else. Outputs that are given are steps
/// that the run has before it begins, results of earlier runs are taken over by reference, as a fork takes them over.
/// </summary>
sealed class DraftRuns(
    Db db, CallContext call, IMediator mediator, IServiceScopeFactory scopes, RunPlans plans, LatestStepRows latest, QueueEntries queue, Backlog backlog, EngineOptions options, DbClock clock)
    : IDraftRuns
{
    const string AddRunSql = """
        insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, config, created_by, api_key_id, steps_total, reuses, is_test)
        values (@tenant, @id, @agent, @version, 'manual', 'queued', @input::json, @config::json, @user, @key, @steps, @reuses, true)
        """;

    const string AddReusedSql = """
        insert into execution.run_reused_steps (tenant_id, run_id, path, node_id, step_id)
        select @tenant, @id, '', g.node, g.step from unnest(@nodes, @steps) as g (node, step)
        """;

    /// <summary>As events they come before the run's first attempt.</summary>
    const string AddPinnedSql = """
        insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, attempt, skill_id, skill_version_id, status, overridden_output, overridden_by, overridden_at,
          run_attempt, finished_event, started_at, finished_at)
        select @tenant, g.id, @run, g.node, g.idx, 0, g.skill, g.version, 'succeeded', g.output::json, @user, now(), 0, g.n::int, now(), now()
        from unnest(@ids, @nodes, @indexes, @skills, @versions, @outputs) with ordinality as g (id, node, idx, skill, version, output, n)
        """;

    public async Task<Result<DraftRun>> Start(RunDraft terms, CancellationToken ct)
    {
        var agent = await mediator.Send(new GetAgentReference(terms.Agent), ct);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var isPart = terms.OnlyNode is not null || terms.FromNode is not null;
        var runs = isPart ? await latest.Of(agent.Value.AgentId, ct) : new LatestRuns(null, null, []);
        var given = terms.Data is { } data ? data.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText(), StringComparer.Ordinal) : [];
        var stored = await Snapshot(agent.Value.AgentId, terms.OnlyNode, runs, given.Keys, ct);
        if (!stored.IsOk)
        {
            return stored.Error;
        }

        var found = await plans.OfAgent(call.Tenant, stored.Value.AgentId.ToString(), stored.Value.VersionId.ToString(), ct);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var plan = found.Value;
        if (terms.FromNode is { } from && plan.Graph.IndexOf(from) < 0)
        {
            return Error.Invalid("/from_node", "node_not_found", $"The draft has no node {from}.");
        }

        foreach (var (node, output) in stored.Value.Pinned)
        {
            given.TryAdd(node, output.GetRawText());
        }

        given.Remove(terms.OnlyNode ?? terms.FromNode ?? "");
        var input = terms.Input?.GetRawText() ?? runs.Input ?? "{}";
        if (Faults(plan, input) is { } faults)
        {
            return faults;
        }

        return backlog.Total >= options.MaxQueueDepth || backlog.Of(call.Tenant) >= plan.Queue.MaxQueued
            ? ExecutionErrors.IntakeFull
            : await Store(plan, input, StandIns.Of(plan.Graph, terms, runs.Steps, given), ct);
    }

    /// <summary>In a scope of its own: it is committed whatever becomes of the run, which needs it to be there, and takes no part in the request's idempotency.</summary>
    async Task<Result<DraftSnapshot>> Snapshot(Guid agent, string? onlyNode, LatestRuns runs, IEnumerable<string> given, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, call.Tenant, call.UserId, PermissionSet.None);
        var standing = runs.Steps.Select(step => step.NodeId).Concat(given).ToHashSet(StringComparer.Ordinal);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new SnapshotDraft(agent.ToString(), onlyNode, standing), ct);
    }

    async Task<Result<DraftRun>> Store(RunPlan plan, string input, StandIns stand, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(clock.Now);
        await db.Execute(AddRunSql, new
        {
            tenant = call.Tenant,
            id,
            agent = plan.AgentId,
            version = plan.VersionId,
            input,
            config = plan.ConfigJson is { } config ? Encoding.UTF8.GetString(config) : null,
            user = call.UserId,
            key = call.ApiKeyId,
            steps = plan.Graph.Nodes.Count,
            reuses = stand.Reused.Count + stand.Pinned.Count > 0,
        }, ct);
        if (stand.Reused.Count > 0)
        {
            await db.Execute(AddReusedSql, new { tenant = call.Tenant, id, nodes = stand.Reused.Select(step => step.NodeId).ToArray(), steps = stand.Reused.Select(step => step.Id).ToArray() }, ct);
        }

        if (stand.Pinned.Count > 0)
        {
            await db.Execute(AddPinnedSql, new
            {
                tenant = call.Tenant,
                run = id,
                user = call.UserId,
                ids = stand.Pinned.Select((_, i) => StepId.Of(id, i)).ToArray(),
                nodes = stand.Pinned.Select(pin => pin.Node.Id).ToArray(),
                indexes = stand.Pinned.Select(pin => pin.Node.Index).ToArray(),
                skills = stand.Pinned.Select(pin => pin.Node.Skill.SkillId).ToArray(),
                versions = stand.Pinned.Select(pin => pin.Node.Skill.VersionId).ToArray(),
                outputs = stand.Pinned.Select(pin => pin.Output).ToArray(),
            }, ct);
        }

        await queue.Add([(id, plan)], ct);
        return new DraftRun(id, await queue.StatusOf(id, ct), plan.VersionId, [.. stand.Reused.Select(step => step.NodeId)], [.. stand.Pinned.Select(pin => pin.Node.Id)]);
    }

    static Error? Faults(RunPlan plan, string input) => plan.InputFaults(JsonElement.Parse(input)) is { Count: > 0 } faults ? Error.Invalid(faults) : null;
}

/// <summary>What need not be run: results that stand, and outputs that are given.</summary>
sealed record StandIns(IReadOnlyList<LatestStepRow> Reused, IReadOnlyList<(CompiledNode Node, string Output)> Pinned)
{
    public static StandIns Of(CompiledGraph graph, RunDraft terms, IReadOnlyList<LatestStepRow> steps, IReadOnlyDictionary<string, string> given)
    {
        var byNode = steps.ToDictionary(step => step.NodeId, StringComparer.Ordinal);
        var pinned = graph.Nodes.Where(node => given.ContainsKey(node.Id)).Select(node => (node, given[node.Id])).ToList();
        var others = graph.Nodes.Where(node => !given.ContainsKey(node.Id) && byNode.ContainsKey(node.Id));
        if (terms.OnlyNode is { } only)
        {
            // A node that was passed over the last time has no output, but it was settled: what is asked for runs all the same.
            var before = others.Where(node => node.Id != only && Stands(node, byNode[node.Id].Result)).ToLookup(node => byNode[node.Id].Result is FormerResult.Skipped);
            pinned.AddRange(before[true].Select(node => (node, "null")));
            return new StandIns([.. before[false].Select(node => byNode[node.Id])], pinned);
        }

        if (terms.FromNode is { } from)
        {
            var stands = Reuse.Stands(graph, graph.IndexOf(from), id => given.ContainsKey(id) ? FormerResult.Succeeded : byNode.GetValueOrDefault(id)?.Result ?? FormerResult.None);
            return new StandIns([.. others.Where(node => stands[node.Index] && byNode[node.Id].Result is not FormerResult.Skipped).Select(node => byNode[node.Id])], pinned);
        }

        return new StandIns([], pinned);
    }

    static bool Stands(CompiledNode node, FormerResult result) => result is not FormerResult.Failed || node.OnError.Kind is not OnErrorKind.Fail;
}
