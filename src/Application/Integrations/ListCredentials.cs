using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>The tenant's credentials, those of its agents and the caller's own, the newest first.</summary>
[Requires("credentials:read")]
public sealed record ListCredentials(PageRequest Page) : IQuery<Page<CredentialView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
