using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>How an agent, and one of its versions, is found by what a caller calls them: an id or a slug; an id, a number or <c>latest</c>.</summary>
/// <remarks>Queries join <see cref="Version"/> to <c>agents.agents a</c>, inner or left, and end with <see cref="Where"/>.</remarks>
static class NamedAgent
{
    public const string Version =
        """
        join agents.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
          and case
            when @latest then v.id = a.latest_version_id
            when @number::text is not null then v.semantic_version = @number
            else v.id = @version
          end
        """;

    public const string Where = "where a.tenant_id = @tenant and a.deleted_at is null and (a.id = @id or a.slug = @slug)";

    /// <returns>What the two parts ask for; null when no agent can be called that.</returns>
    public static object? Parameters(CallContext call, string agent, string? version)
    {
        var (named, at) = (IdOrSlug.Parse(agent), VersionName.Parse(version));
        return named.CanExist ? new { tenant = call.Tenant, id = named.Id, slug = named.Slug, latest = at.IsLatest, number = at.Number, version = at.Id } : null;
    }
}
