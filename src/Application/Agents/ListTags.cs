using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The tenant's tags and the platform's, the newest first.</summary>
[Requires("skills:read")]
public sealed record ListTags(PageRequest Page) : IQuery<Page<TagView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => ListChecks.Page(Page);
}
