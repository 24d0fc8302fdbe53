using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Unit.Agents;

[TestFixture]
public sealed class SemanticVersionTests
{
    // The order that semver.org gives in section 11, with its numbers.
    static readonly string[] Ascending =
    [
        "0.0.0", "0.0.9", "0.0.10", "0.1.0", "1.0.0-0", "1.0.0-9", "1.0.0-10", "1.0.0-10.a", "1.0.0--", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
        "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-beta.99999999999999999999999", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.10.0", "2.0.0",
    ];

    [Test]
    public void Orders_versions_as_the_specification_does()
    {
        var versions = Ascending.Select(Parse).ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            for (var j = 0; j < versions.Count; j++)
                Assert.That(Math.Sign(versions[i].CompareTo(versions[j])), Is.EqualTo(Math.Sign(i.CompareTo(j))), $"{versions[i]} and {versions[j]}");
        }
    }

    [TestCase("1.2.3")]
    [TestCase("0.0.4")]
    [TestCase("1.1.2-prerelease+meta")]
    [TestCase("1.1.2+meta-valid")]
    [TestCase("1.0.0-alpha0.valid")]
    [TestCase("1.0.0-0A.is.legal")]
    [TestCase("1.2.3----RC-SNAPSHOT.12.9.1--.12+788")]
    [TestCase("1.0.0+0.build.1-rc.10000aaa-kk-0.1")]
    [TestCase("999999999.0.0")]
    public void Reads_and_writes(string text) => Assert.That(Parse(text).ToString(), Is.EqualTo(text));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("1")]
    [TestCase("1.2")]
    [TestCase("1.2.3.4")]
    [TestCase("1.2.3-")]
    [TestCase("1.2.3+")]
    [TestCase("1.2.3-0123")]
    [TestCase("1.2.3-a..b")]
    [TestCase("1.2.3+a+b")]
    [TestCase("1.2.3-ä")]
    [TestCase("01.1.1")]
    [TestCase("1.-1.1")]
    [TestCase("v1.2.3")]
    [TestCase("1.2.3\n")]
    [TestCase(" 1.2.3")]
    [TestCase("1.2.٣")]
    [TestCase("1000000000.0.0")]
    [TestCase("1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Refuses_what_is_no_version(string? text) => Assert.That(SemanticVersion.TryParse(text, out _), Is.False);

    [Test]
    public void The_build_part_makes_no_difference()
    {
        Assert.That(Parse("1.0.0+a"), Is.EqualTo(Parse("1.0.0+b")));
        Assert.That(Parse("1.0.0+a").GetHashCode(), Is.EqualTo(Parse("1.0.0").GetHashCode()));
        Assert.That(default(SemanticVersion).ToString(), Is.EqualTo("0.0.0"));
    }

    [TestCase("1.2.3", "1.2.4", "1.3.0")]
    [TestCase("1.2.3-rc.1", "1.2.3", "1.3.0")]
    [TestCase("1.2.0-rc.1", "1.2.0", "1.2.0")]
    [TestCase("1.2.3+build", "1.2.4", "1.3.0")]
    public void The_next_version_is_the_lowest_release_above(string text, string patch, string minor)
    {
        Assert.That(Parse(text).NextPatch().ToString(), Is.EqualTo(patch));
        Assert.That(Parse(text).NextMinor().ToString(), Is.EqualTo(minor));
    }

    static SemanticVersion Parse(string text) => SemanticVersion.TryParse(text, out var version) ? version : throw new AssertionException($"'{text}' is a version.");
}
