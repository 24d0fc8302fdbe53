using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>For the module that keeps credentials: which agents name one of this name in their latest version.</summary>
// No permission of its own: only another module sends it, for a credential that its caller may read; row-level security holds.
[AllowAnonymousRequest]
public sealed record FindCredentialUses(string Name) : IQuery<IReadOnlyList<CredentialUser>>;

/// <param name="Nodes">The nodes' ids.</param>
public sealed record CredentialUser(Guid AgentId, string Slug, string Name, string Version, string[] Nodes);
