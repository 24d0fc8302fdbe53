using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>A skill's versions, the newest first.</summary>
[Requires("skills:read")]
public sealed record ListSkillVersions(string Skill, PageRequest Page) : IQuery<Page<SkillVersionView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => ListChecks.Page(Page);
}
