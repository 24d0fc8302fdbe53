using System.Reflection;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class RolesTests
{
    static readonly RoleCatalog Catalog = BuiltInRoles.Catalog;

    static IEnumerable<Type> Requests => typeof(CallContext).Assembly.GetTypes().Where(type => type.IsDefined(typeof(RequiresAttribute)));

    [TestCaseSource(nameof(Requests))]
    public void Every_required_permission_exists(Type request) =>
        Assert.That(Catalog.Permissions.Keys, Has.Member(request.GetCustomAttribute<RequiresAttribute>()!.Permission));

    [Test]
    public void The_four_roles_are_there() => Assert.That(Catalog.Roles.Select(role => role.Name), Is.EquivalentTo(new[] { "owner", "admin", "developer", "viewer" }));

    [Test]
    public void Each_role_may_do_what_the_lesser_ones_may()
    {
        string[] order = ["owner", "admin", "developer", "viewer"];
        foreach (var (greater, lesser) in order.Zip(order.Skip(1)))
        {
            var set = new PermissionSet(Catalog.Find(greater)!.Permissions);
            Assert.That(Catalog.Find(lesser)!.Permissions.Where(permission => !set.Covers(permission)), Is.Empty, $"{greater} over {lesser}");
        }
    }

    [Test]
    public void A_viewer_changes_nothing() =>
        Assert.That(Catalog.Find("viewer")!.Permissions, Has.All.EndsWith(":read"));

    [TestCase("*", true)]
    [TestCase("agents:read", true)]
    [TestCase("agents:*", true)]
    [TestCase("*:read", true)]
    [TestCase("admin:*", true)]
    [TestCase("agents:fly", false)]
    [TestCase("cats:*", false)]
    [TestCase("*:fly", false)]
    [TestCase("agents", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    [TestCase("agents:read:x", false)]
    public void Knows_permissions_and_the_wildcards_that_stand_for_one(string? pattern, bool known) => Assert.That(Catalog.Knows(pattern), Is.EqualTo(known));

    [Test]
    public void A_role_that_grants_what_does_not_exist_stops_the_start() => Assert.That(
        () => RoleCatalog.Parse("""{"permissions":{"a:read":"x"},"roles":{"r":{"description":"d","permissions":["b:read"]}}}"""u8.ToArray()),
        Throws.InvalidOperationException.With.Message.Contains("b:read"));
}
