using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

[Requires("credentials:read")]
public sealed record GetCredential(Guid Id) : IQuery<CredentialView>;
