using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The tenant's skills and the platform's, the newest first.</summary>
/// <param name="Query">Found in name, slug or description, without regard to case.</param>
[Requires("skills:read")]
public sealed record ListSkills(PageRequest Page, string? Type = null, string? Category = null, string? Tag = null, string? Query = null)
    : IQuery<Page<SkillView>>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. ListChecks.Page(Page),
        .. FieldChecks.OneOf("/type", Type, SkillRules.Types),
        .. FieldChecks.OneOf("/category", Category, SkillRules.Categories),
        .. ListChecks.Text("/tag", Tag),
        .. ListChecks.Text("/q", Query),
    ];
}
