using System.Collections.Concurrent;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Compiled versions, kept by id for good because versions are immutable, and which version a new run of an agent takes,
/// kept until the agent changes (NOTIFY tells). Everything is read under the tenant that asks.
/// </summary>
sealed class RunPlans(DataSources sources, IServiceScopeFactory scopes, SkillRunners runners, ToolFinder tools, FlowLimits limits)
{
    /// <summary>Plans are a few kilobytes each; past this the cache starts afresh rather than growing without bound.</summary>
    const int MaxKept = 10_000;

    const string PausedSql = "select exists (select from execution.paused_agents where tenant_id = @tenant and agent_id = @agent and state <> 'resuming')";

    static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(1);

    /// <summary>Every claim carries their ids.</summary>
    const int MaxBrief = 64;

    readonly ConcurrentDictionary<(Guid Tenant, Guid Version), Task<Result<RunPlan>>> byVersion = new();
    readonly ConcurrentDictionary<(Guid Tenant, string Agent, string? Version), Task<Result<RunPlan>>> current = new();
    volatile Guid[] brief = [];

    /// <summary>Versions whose runs are over as soon as they begin; of many, those that were met first.</summary>
    public Guid[] BriefVersions => brief;

    /// <summary>The plan that a new run of this agent takes, or why none may start.</summary>
    /// <param name="agent">Id or slug.</param>
    /// <param name="version">Semantic version or id; null is the latest.</param>
    public Task<Result<RunPlan>> OfAgent(Guid tenantId, string agent, string? version, CancellationToken ct) =>
        Kept(current, (tenantId, agent, version), _ => FindCurrent(tenantId, agent, version), ct);

    /// <summary>The plan of a version, whatever became of its agent.</summary>
    public Task<Result<RunPlan>> OfVersion(Guid tenantId, Guid versionId, CancellationToken ct) =>
        Kept(byVersion, (tenantId, versionId), _ => Compile(tenantId, versionId), ct);

    /// <summary>Lets the queue know what the tenant's plan gives it now.</summary>
    public async Task LearnTenant(Guid tenantId, CancellationToken ct)
    {
        await using var scope = ScopeOf(tenantId);
        var plan = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetTenantPlan(), ct);
        if (plan.IsOk)
        {
            await limits.LearnTenant(tenantId, plan.Value, ct);
        }
    }

    public void Forget(Guid tenantId)
    {
        tools.Forget(tenantId);
        foreach (var key in current.Keys.Where(key => key.Tenant == tenantId))
        {
            current.TryRemove(key, out _);
        }
    }

    public void Clear()
    {
        tools.Clear();
        current.Clear();
    }

    /// <summary>Parallel askers share one answer, so none of them can cancel it; a refusal or a failure is not kept.</summary>
    static async Task<Result<RunPlan>> Kept<TKey>(ConcurrentDictionary<TKey, Task<Result<RunPlan>>> cache, TKey key, Func<TKey, Task<Result<RunPlan>>> make, CancellationToken ct)
        where TKey : notnull
    {
        if (cache.TryGetValue(key, out var kept))
        {
            return await kept.WaitAsync(ct);
        }

        if (cache.Count >= MaxKept)
        {
            cache.Clear();
        }

        var asked = cache.GetOrAdd(key, make);
        var keep = false;
        try
        {
            var plan = await asked.WaitAsync(ct);
            keep = plan.IsOk;
            return plan;
        }
        finally
        {
            if (!keep)
            {
                cache.TryRemove(KeyValuePair.Create(key, asked));
            }
        }
    }

    async Task<Result<RunPlan>> FindCurrent(Guid tenantId, string agent, string? version)
    {
        await using var scope = ScopeOf(tenantId);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var runnable = await mediator.Send(new GetRunnableAgent(agent, version));
        if (!runnable.IsOk)
        {
            return runnable.Error;
        }

        var found = runnable.Value;
        var tenant = await mediator.Send(new GetTenantPlan());
        if (!tenant.IsOk)
        {
            return tenant.Error;
        }

        var plan = await OfVersion(tenantId, found.VersionId, CancellationToken.None);
        if (!plan.IsOk)
        {
            return plan;
        }

        var known = found.Config is { } config ? plan.Value.Under(Datum.From(config)) : plan.Value;
        return known with
        {
            Queue = await limits.Learn(tenantId, tenant.Value, found.AgentId, found.Limits, CancellationToken.None),
            IsPaused = await IsPaused(tenantId, found.AgentId),
            Memory = AgentMemory.Of(found.MemoryEnabled, found.Limits),
        };
    }

    async Task<bool> IsPaused(Guid tenantId, Guid agentId)
    {
        await using var command = sources.Engine.CreateCommand(PausedSql);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("agent", agentId);
        return await command.ExecuteScalarAsync() is true;
    }

    async Task<Result<RunPlan>> Compile(Guid tenantId, Guid versionId)
    {
        await using var scope = ScopeOf(tenantId);
        var loaded = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new LoadVersion(versionId));
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        var compiled = await scope.ServiceProvider.GetRequiredService<IAgentCompiler>().Compile(loaded.Value, CancellationToken.None);
        ResolvedSkill? missing = null;
        if (GraphRunners.Of(compiled.Graph, runners, ref missing) is not { } nodes)
        {
            return new Error(ErrorKind.Conflict, "skill_not_available", $"This server cannot execute {missing!.Slug} ({missing.Type.ToText()}).");
        }

        var version = compiled.Version;
        var plan = new RunPlan(
            tenantId, version.AgentId, version.VersionId, version.AgentSlug, version.SemanticVersion, compiled.Graph, nodes, compiled.InputSchema,
            Datum.FromObject(new Dictionary<string, Datum>()),
            version.Limits.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : DefaultTimeout)
        {
            Model = ModelDefaults.Of(version.Model, version.SystemPrompt),
            Limits = version.Limits,
        };
        if (plan.IsBrief && brief is { Length: < MaxBrief } known && !known.Contains(versionId))
        {
            // Of two at once one is forgotten until it is compiled anew: that costs an update a run, no more.
            brief = [.. known, versionId];
        }

        return plan;
    }

    AsyncServiceScope ScopeOf(Guid tenantId)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenantId, null, PermissionSet.None);
        return scope;
    }
}
