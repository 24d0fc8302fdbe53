using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>A skill's versions, the newest first.</summary>
[Requires("agents:read")]
public sealed record ListSkillVersions(string Skill, PageRequest Page) : IQuery<Page<SkillVersionView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => ListChecks.Page(Page);
}
