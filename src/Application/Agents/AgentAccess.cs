using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The steps with which most changes of an agent begin.</summary>
static class AgentAccess
{
    /// <summary>The agent, locked, unless it is unknown, changed since the caller read it, or archived.</summary>
    public static async Task<Result<AgentView>> FindToChange(
        this IAgents agents, string agent, string? kind, DateTimeOffset? ifUpdatedAt, CancellationToken ct)
    {
        var found = await agents.FindForUpdate(IdOrSlug.Parse(agent), kind, ct);
        return found switch
        {
            null => AgentErrors.AgentNotFound,
            _ when ifUpdatedAt is { } seen && seen != found.UpdatedAt => ETags.Stale,
            { Status: AgentStatus.Archived } => AgentErrors.Archived,
            _ => found,
        };
    }

    /// <summary>The faults of an agent's fields, also those that only the feature catalogue shows.</summary>
    public static async Task<IReadOnlyList<FieldError>> Check(this IAgents agents, AgentFields fields, CancellationToken ct)
    {
        var faults = fields.Check().ToList();
        if (fields.Features.Count > 0)
        {
            var known = await agents.KnownFeatures(fields.Features, ct);
            faults.AddRange(fields.Features.Index().Where(f => !known.Contains(f.Item))
                .Select(f => new FieldError($"/features/{f.Index}", "unknown_feature", $"There is no feature \"{f.Item}\".")));
        }

        return faults;
    }
}

/// <summary>What the audit log keeps of an agent: what people edit, not the counters.</summary>
sealed record AgentSummary(
    string Slug, string Name, string? Description, string Kind, string? Category, string? Icon, string Status, string? LatestVersion, string[] Tags, bool IsPublic)
{
    public static AgentSummary Of(AgentView agent) => new(
        agent.Slug, agent.Name, agent.Description, agent.Kind, agent.Category, agent.Icon, agent.Status, agent.LatestVersion, agent.Tags, agent.IsPublic);
}
