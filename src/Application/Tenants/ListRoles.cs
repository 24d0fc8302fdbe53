using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The roles a member can have, and every permission that exists.</summary>
[Requires("members:read")]
public sealed record ListRoles : IQuery<RoleList>;

public sealed record RoleList(IReadOnlyList<RoleView> Items, IReadOnlyList<PermissionView> Permissions);

public sealed record RoleView(string Name, string Description, string[] Permissions);

public sealed record PermissionView(string Name, string Description);
