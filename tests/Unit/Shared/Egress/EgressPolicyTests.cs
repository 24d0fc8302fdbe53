using System.Net;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Unit.Shared.Egress;

public sealed class EgressPolicyTests
{
    static readonly EgressPolicy Closed = EgressPolicy.Create([], []);

    [TestCaseSource(typeof(Addresses), nameof(Addresses.NotPublic))]
    public void Refuses_what_is_not_on_the_public_internet(string address) => Assert.That(Closed.IsAllowed(IPAddress.Parse(address)), Is.False);

    [TestCaseSource(typeof(Addresses), nameof(Addresses.Public))]
    public void Allows_ordinary_public_addresses(string address) => Assert.That(Closed.IsAllowed(IPAddress.Parse(address)));

    [Test]
    public void Refuses_this_machines_own_public_address()
    {
        var policy = EgressPolicy.Create([], [IPAddress.Parse("8.8.8.8")]);

        Assert.That(policy.IsAllowed(IPAddress.Parse("8.8.8.8")), Is.False);
        Assert.That(policy.IsAllowed(IPAddress.Parse("8.8.4.4")));
    }

    [Test]
    public void Opens_exactly_the_networks_on_the_list()
    {
        var policy = Configured(("Egress:Allow", "10.1.0.0/16, 127.0.0.1 fd12::/64"));

        Assert.Multiple(() =>
        {
            Assert.That(policy.IsAllowed(IPAddress.Parse("10.1.255.255")));
            Assert.That(policy.IsAllowed(IPAddress.Parse("10.2.0.0")), Is.False);
            Assert.That(policy.IsAllowed(IPAddress.Parse("127.0.0.1")));
            Assert.That(policy.IsAllowed(IPAddress.Parse("127.0.0.2")), Is.False);
            Assert.That(policy.IsAllowed(IPAddress.Parse("fd12::1")));
            Assert.That(policy.IsAllowed(IPAddress.Parse("fd13::1")), Is.False);
            Assert.That(policy.IsAllowed(IPAddress.Parse("::ffff:127.0.0.1")), Is.False, "another spelling of a listed address is not listed");
        });
    }

    [Test]
    public void Opens_a_listed_host_but_never_a_metadata_service_behind_its_name()
    {
        var policy = Configured(("Egress:Allow:0", "Build.Example.com"), ("Egress:Allow:1", "localhost"));

        Assert.Multiple(() =>
        {
            Assert.That(policy.IsAllowed("build.example.com", IPAddress.Parse("10.0.0.7")));
            Assert.That(policy.IsAllowed("BUILD.example.com.", IPAddress.Parse("10.0.0.7")));
            Assert.That(policy.IsAllowed("other.example.com", IPAddress.Parse("10.0.0.7")), Is.False);
            Assert.That(policy.IsAllowed("a.build.example.com", IPAddress.Parse("10.0.0.7")), Is.False);
            Assert.That(policy.IsAllowed("localhost", IPAddress.Loopback));
            Assert.That(policy.IsAllowed("build.example.com", IPAddress.Parse("169.254.169.254")), Is.False);
            Assert.That(policy.IsAllowed("build.example.com", IPAddress.Parse("fd00:ec2::254")), Is.False);
        });
    }

    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.0/33")]
    [TestCase("127.1")]
    [TestCase("2130706433")]
    [TestCase("1.2.3.4.5")]
    [TestCase("300.1.1.1")]
    [TestCase("*.example.com")]
    [TestCase("http://example.com")]
    [TestCase("example.com:8080")]
    [TestCase("exämple.com")]
    [TestCase("-")]
    [TestCase("fd12::/129")]
    [TestCase("example.com.")]
    public void Stops_the_start_with_one_sentence_that_names_the_wrong_value(string value)
    {
        var refusal = Assert.Throws<StartException>(() => Configured(("Egress:Allow", "10.0.0.0/8," + value)));

        Assert.That(refusal!.Message, Does.StartWith($"Egress__Allow holds '{value}'").And.EndsWith("."));
    }

    [Test]
    public void Has_nothing_listed_by_default() => Assert.That(Configured().IsAllowed("localhost", IPAddress.Loopback), Is.False);

    static EgressPolicy Configured(params (string Key, string Value)[] settings) => EgressPolicy.FromConfiguration(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
