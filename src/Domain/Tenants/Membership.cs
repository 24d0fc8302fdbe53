using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Tenants;

/// <summary>A person's place in a tenant.</summary>
/// <param name="Permissions">Grants beyond the role.</param>
public sealed record Membership(Guid UserId, string Role, IReadOnlyList<string> Permissions, string Status)
{
    public const string Active = "active";
    public const string Suspended = "suspended";

    public static readonly Error LastOwner = Error.Conflict("last_owner", "A tenant needs an owner: make somebody else one first.");
    public static readonly Error ExceedsOwnPermissions = new(ErrorKind.Forbidden, "exceeds_own_permissions", "Nobody can give, take or change what they may not do themselves.");

    bool IsActiveOwner => Role == RoleCatalog.Owner && Status == Active;

    /// <summary>Refuses when it gives or takes more than the changing person has, or leaves the tenant without an owner.</summary>
    /// <param name="otherOwners">How many active owners there are besides this person, read under the lock that every such change takes.</param>
    public Result<Membership> Change(
        string? role, IReadOnlyList<string>? permissions, string? status, RoleCatalog catalog, PermissionSet changer, int otherOwners)
    {
        var next = new Membership(UserId, role ?? Role, permissions ?? Permissions, status ?? Status);
        if (!MayTouch(catalog, changer) || !next.MayTouch(catalog, changer))
        {
            return ExceedsOwnPermissions;
        }

        return IsActiveOwner && !next.IsActiveOwner && otherOwners == 0 ? LastOwner : next;
    }

    /// <returns>The refusal, or null when the person may be removed.</returns>
    public Error? RefusalToRemove(RoleCatalog catalog, PermissionSet remover, int otherOwners) =>
        !MayTouch(catalog, remover) ? ExceedsOwnPermissions : IsActiveOwner && otherOwners == 0 ? LastOwner : null;

    /// <summary>Whether somebody with these permissions may hand out the role.</summary>
    public static bool MayGive(string role, RoleCatalog catalog, PermissionSet giver) =>
        catalog.Find(role) is { } known && known.Permissions.All(giver.Covers);

    bool MayTouch(RoleCatalog catalog, PermissionSet person) => MayGive(Role, catalog, person) && Permissions.All(person.Covers);
}
