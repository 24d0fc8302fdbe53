using System.Text.Json;

namespace AgentPlatform.Domain.Tenants;

/// <summary>A named set of permissions that a member can have.</summary>
public sealed record Role(string Name, string Description, IReadOnlyList<string> Permissions);

/// <summary>The permissions that exist and the built-in roles, read from <c>policies/roles.json</c>.</summary>
public sealed class RoleCatalog
{
    public const string Owner = "owner";

    readonly HashSet<string> resources;
    readonly HashSet<string> actions;

    RoleCatalog(IReadOnlyDictionary<string, string> permissions, IReadOnlyList<Role> roles)
    {
        Permissions = permissions;
        Roles = roles;
        resources = [.. permissions.Keys.Select(name => name.Split(':')[0])];
        actions = [.. permissions.Keys.Select(name => name.Split(':')[1])];
    }

    /// <summary>Every permission with what it is for.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; }

    public IReadOnlyList<Role> Roles { get; }

    /// <exception cref="InvalidOperationException">The document contradicts itself: a role grants what does not exist.</exception>
    public static RoleCatalog Parse(ReadOnlySpan<byte> json)
    {
        var document = JsonSerializer.Deserialize<Document>(json, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("There are no roles.");
        var catalog = new RoleCatalog(document.Permissions, [.. document.Roles.Select(role => new Role(role.Key, role.Value.Description, role.Value.Permissions))]);
        foreach (var role in catalog.Roles)
        {
            if (role.Permissions.FirstOrDefault(permission => !catalog.Knows(permission)) is { } unknown)
            {
                throw new InvalidOperationException($"The role {role.Name} grants {unknown}, which is no permission.");
            }
        }

        return catalog;
    }

    public Role? Find(string? name) => Roles.FirstOrDefault(role => role.Name == name);

    /// <param name="pattern">A permission, or a wildcard that stands for at least one: <c>*</c>, <c>agents:*</c>, <c>*:read</c>.</param>
    public bool Knows(string? pattern) => pattern is "*" || (pattern is not null && (Permissions.ContainsKey(pattern) || pattern.Split(':') switch
    {
        ["*", "*"] => true,
        [var resource, "*"] => resources.Contains(resource),
        ["*", var action] => actions.Contains(action),
        _ => false,
    }));

    sealed record Document(Dictionary<string, string> Permissions, Dictionary<string, DocumentRole> Roles);

    sealed record DocumentRole(string Description, string[] Permissions);
}
