using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations;

/// <summary>Where a credential is used: the agents whose latest version, or one of whose bound skills, names it.</summary>
[Requires("credentials:read")]
public sealed record GetCredentialUses(Guid Id) : IQuery<CredentialUses>;

/// <param name="Items">At most 1 000.</param>
public sealed record CredentialUses(IReadOnlyList<CredentialUse> Items);

/// <param name="Nodes">The nodes that name it, or whose tools do; those of nested bodies included.</param>
/// <param name="Tools">Slugs of the skills that are bound to the agent with it.</param>
public sealed record CredentialUse(Guid AgentId, string Slug, string Name, string Version, string[] Nodes, string[] Tools);
