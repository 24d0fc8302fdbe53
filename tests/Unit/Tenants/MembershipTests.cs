using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class MembershipTests
{
    static readonly RoleCatalog Catalog = BuiltInRoles.Catalog;

    static PermissionSet Of(string role) => new(Catalog.Find(role)!.Permissions);

    static Membership A(string role, params string[] permissions) => new(Guid.CreateVersion7(), role, permissions, Membership.Active);

    [TestCase("owner", "viewer", "owner")]
    [TestCase("owner", "owner", "admin")]
    [TestCase("admin", "developer", "admin")]
    [TestCase("admin", "admin", "viewer")]
    public void Roles_up_to_ones_own_can_be_given_and_taken(string changer, string from, string to) =>
        Assert.That(A(from).Change(to, null, null, Catalog, Of(changer), otherOwners: 1).Value.Role, Is.EqualTo(to));

    [TestCase("admin", "developer", "owner")]
    [TestCase("admin", "owner", "developer")]
    [TestCase("developer", "viewer", "admin")]
    public void More_than_ones_own_role_can_neither_be_given_nor_taken(string changer, string from, string to) =>
        Assert.That(A(from).Change(to, null, null, Catalog, Of(changer), otherOwners: 1).Error, Is.EqualTo(Membership.ExceedsOwnPermissions));

    [Test]
    public void Further_permissions_are_bounded_by_ones_own()
    {
        Assert.That(A("viewer").Change(null, ["agents:write"], null, Catalog, Of("admin"), 1).Value.Permissions, Is.EqualTo(new[] { "agents:write" }));
        Assert.That(A("viewer").Change(null, ["billing:write"], null, Catalog, Of("admin"), 1).Error, Is.EqualTo(Membership.ExceedsOwnPermissions));
        Assert.That(A("viewer", "billing:write").Change(null, [], null, Catalog, Of("admin"), 1).Error, Is.EqualTo(Membership.ExceedsOwnPermissions));
    }

    [TestCase("admin", null)]
    [TestCase(null, "suspended")]
    public void The_last_owner_stays_owner(string? role, string? status)
    {
        Assert.That(A("owner").Change(role, null, status, Catalog, Of("owner"), otherOwners: 0).Error, Is.EqualTo(Membership.LastOwner));
        Assert.That(A("owner").Change(role, null, status, Catalog, Of("owner"), otherOwners: 1).IsOk, Is.True);
    }

    [Test]
    public void The_last_owner_cannot_be_removed()
    {
        Assert.That(A("owner").RefusalToRemove(Catalog, Of("owner"), otherOwners: 0), Is.EqualTo(Membership.LastOwner));
        Assert.That(A("owner").RefusalToRemove(Catalog, Of("owner"), otherOwners: 1), Is.Null);
        Assert.That(A("owner").RefusalToRemove(Catalog, Of("admin"), otherOwners: 1), Is.EqualTo(Membership.ExceedsOwnPermissions));
        Assert.That(A("viewer").RefusalToRemove(Catalog, Of("admin"), otherOwners: 0), Is.Null);
    }

    [Test]
    public void The_last_owner_may_get_further_permissions() =>
        Assert.That(A("owner").Change(null, ["audit:read"], null, Catalog, Of("owner"), otherOwners: 0).IsOk, Is.True);
}
