using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The tenant's agents, the newest first.</summary>
/// <param name="Query">Found in name, slug, description or a tag, without regard to case.</param>
/// <param name="UsesSkill">Slug of a skill that the latest version's graph uses.</param>
/// <param name="Favorite">True: only the caller's favourites.</param>
[Requires("agents:read")]
public sealed record ListAgents(
    PageRequest Page,
    string? Kind = null,
    string? Status = null,
    string? Tag = null,
    string? Query = null,
    string? UsesSkill = null,
    string? Feature = null,
    bool? Favorite = null) : IQuery<Page<AgentView>>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. ListChecks.Page(Page),
        .. FieldChecks.OneOf("/kind", Kind, AgentKind.All),
        .. FieldChecks.OneOf("/status", Status, AgentStatus.All),
        .. ListChecks.Text("/tag", Tag),
        .. ListChecks.Text("/q", Query),
        .. ListChecks.Text("/uses_skill", UsesSkill),
        .. ListChecks.Text("/feature", Feature),
    ];
}
