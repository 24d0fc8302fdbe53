using System.Collections.Concurrent;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>Finds what a model may call. What is bound to agents, and what agents are as tools, is kept until the tenant's agents or skills change (NOTIFY tells).</summary>
sealed class ToolFinder(IServiceScopeFactory scopes, SkillRunners runners)
{
    const int MaxKept = 10_000;

    readonly ConcurrentDictionary<(Guid Tenant, Guid Agent), IReadOnlyList<BoundTool>> bound = new();
    readonly ConcurrentDictionary<(Guid Tenant, string Agent, string? Version), AgentTool> agents = new();

    /// <summary>Counts what was forgotten: what was read before a change is not kept after it.</summary>
    int changes;

    /// <summary>What a node that begins now offers: the tools that it lists, in their order, then those that are bound to the agent.</summary>
    public async ValueTask<ToolSet> Of(Guid tenantId, Guid agentId, NodeTools tools, CancellationToken ct)
    {
        var offered = new List<(ResolvedSkill, AgentTool?, ToolTerms)>();
        foreach (var listed in tools.Listed)
        {
            if (listed.Agent is null)
            {
                offered.Add((listed.Skill, null, listed.Terms));
            }
            else if (await AgentOf(tenantId, listed.Agent, listed.AgentVersion, ct) is { } agent)
            {
                offered.Add((listed.Skill, agent, listed.Terms));
            }
        }

        if (tools.OffersBound)
        {
            offered.AddRange((await BoundTo(tenantId, agentId, ct)).Select(tool => (tool.Skill, (AgentTool?)null, tool.Terms)));
        }

        await ResolveAgents(tenantId, offered, ct);

        // What this server cannot execute is not offered.
        return offered.Count == 0 ? ToolSet.Empty : ToolSet.Of(offered.Where(tool => runners.For(tool.Item1) is not null));
    }

    /// <summary>A skill of type agent is the agent that its version names: the model is shown that one's input, and calls the version of this moment.</summary>
    async Task ResolveAgents(Guid tenantId, List<(ResolvedSkill Skill, AgentTool? Agent, ToolTerms Terms)> offered, CancellationToken ct)
    {
        for (var i = offered.Count - 1; i >= 0; i--)
        {
            var (skill, agent, terms) = offered[i];
            if (skill.Type is not SkillType.Agent || agent is not null)
            {
                continue;
            }

            var preset = Datum.From(skill.Spec).Value("with") ?? Datum.Null;
            if (preset.Text("agent") is { } name && await AgentOf(tenantId, name, preset.Text("version"), ct) is { } found)
            {
                offered[i] = (skill, As(skill, found), terms);
            }
            else
            {
                offered.RemoveAt(i);
            }
        }
    }

    /// <summary>What a model was offered before, under the same names and in the same versions.</summary>
    public async Task<ToolSet> Again(Guid tenantId, IReadOnlyList<ToolPin> pins, CancellationToken ct)
    {
        var versions = await Ask(tenantId, new GetSkillVersions([.. pins.Select(pin => pin.SkillVersionId)]), ct);
        var tools = new List<Tool>();
        foreach (var pin in pins.DistinctBy(pin => pin.Name))
        {
            var agent = pin.AgentId is { } id ? await AgentOf(tenantId, id.ToString(), pin.AgentVersionId?.ToString(), ct) : null;
            if (versions.Value.TryGetValue(pin.SkillVersionId, out var skill) && runners.For(skill) is not null && (pin.AgentId is null || agent is not null))
            {
                tools.Add(new Tool(pin.Name, skill, agent is null ? null : As(skill, agent), pin.Terms));
            }
        }

        return ToolSet.Again(tools);
    }

    /// <summary>Where a skill of the tenant's own is the agent, the model knows it by that skill's name.</summary>
    static AgentTool As(ResolvedSkill skill, AgentTool agent) =>
        skill.CanBeTool ? agent with { Slug = skill.Slug, Description = skill.Description ?? agent.Description } : agent;

    public void Forget(Guid tenantId)
    {
        Interlocked.Increment(ref changes);
        foreach (var key in bound.Keys.Where(key => key.Tenant == tenantId))
        {
            bound.TryRemove(key, out _);
        }

        foreach (var key in agents.Keys.Where(key => key.Tenant == tenantId))
        {
            agents.TryRemove(key, out _);
        }
    }

    public void Clear()
    {
        Interlocked.Increment(ref changes);
        bound.Clear();
        agents.Clear();
    }

    async ValueTask<IReadOnlyList<BoundTool>> BoundTo(Guid tenantId, Guid agentId, CancellationToken ct)
    {
        if (!bound.TryGetValue((tenantId, agentId), out var known))
        {
            var before = Volatile.Read(ref changes);
            known = (await Ask(tenantId, new ListTools(agentId), ct)).Value;
            Keep(bound, (tenantId, agentId), known, before);
        }

        return known;
    }

    /// <summary>Null for an agent that is gone.</summary>
    async ValueTask<AgentTool?> AgentOf(Guid tenantId, string agent, string? version, CancellationToken ct)
    {
        if (!agents.TryGetValue((tenantId, agent, version), out var known))
        {
            var before = Volatile.Read(ref changes);
            var found = await Ask(tenantId, new GetAgentTool(agent, version), ct);
            if (!found.IsOk)
            {
                return null;
            }

            known = found.Value;
            Keep(agents, (tenantId, agent, version), known, before);
        }

        return known;
    }

    void Keep<TKey, TValue>(ConcurrentDictionary<TKey, TValue> cache, TKey key, TValue value, int before)
        where TKey : notnull
    {
        if (cache.Count >= MaxKept)
        {
            cache.Clear();
        }

        cache[key] = value;
        if (Volatile.Read(ref changes) != before)
        {
            cache.TryRemove(key, out _);
        }
    }

    async Task<Result<T>> Ask<T>(Guid tenantId, IQuery<T> query, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenantId, null, PermissionSet.None);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(query, ct);
    }
}
