using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>For the module that keeps credentials: which agents name one of this name, in their latest version or at a bound skill.</summary>
// No permission of its own: only another module sends it, for a credential that its caller may read; row-level security holds.
[AllowAnonymousRequest]
public sealed record FindCredentialUses(string Name) : IQuery<IReadOnlyList<CredentialUser>>;

/// <param name="Nodes">The nodes' ids, those whose tools name it among them.</param>
/// <param name="Tools">Slugs of the skills that are bound to the agent with it.</param>
public sealed record CredentialUser(Guid AgentId, string Slug, string Name, string Version, string[] Nodes, string[] Tools);
