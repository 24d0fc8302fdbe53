using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Graphs;

[TestFixture]
public sealed class SkillCatalogTests
{
    [TestCase("slack-post", ExpectedResult = "2.0.0", TestName = "Without_a_version_the_highest_release_is_taken")]
    [TestCase("slack-post@1", ExpectedResult = "1.10.0", TestName = "A_major_version_takes_its_highest_release_by_number_not_by_text")]
    [TestCase("slack-post@1.2", ExpectedResult = "1.2.0", TestName = "A_minor_version_takes_its_highest_release")]
    [TestCase("slack-post@1.0.0", ExpectedResult = "1.0.0", TestName = "A_full_version_takes_exactly_itself")]
    [TestCase("slack-post@3", ExpectedResult = null, TestName = "A_range_never_takes_a_pre_release")]
    [TestCase("slack-post@3.0.0-beta.1", ExpectedResult = "3.0.0-beta.1", TestName = "A_pre_release_is_taken_when_it_is_named")]
    [TestCase("slack-post@3.0.0", ExpectedResult = null, TestName = "A_pre_release_is_not_the_release")]
    [TestCase("old-mail", ExpectedResult = "1.0.0", TestName = "A_deprecated_version_is_taken_when_there_is_no_other")]
    [TestCase("nothing", ExpectedResult = null, TestName = "An_unknown_skill_does_not_resolve")]
    public string? Resolves(string reference) =>
        SkillReference.TryParse(reference, out var parsed) ? Graph.Skills.Resolve(parsed)?.Version : throw new AssertionException("No reference.");

    [Test]
    public void An_active_version_wins_over_a_higher_deprecated_one()
    {
        var active = Graph.Skills.Resolve(new SkillReference("slack-post", "1.0.0"))!;
        var catalog = new SkillCatalog([active with { Version = "2.0.0", IsDeprecated = true }, active], []);

        Assert.Multiple(() =>
        {
            Assert.That(catalog.Resolve(new SkillReference("slack-post", null))!.Version, Is.EqualTo("1.0.0"));
            Assert.That(catalog.Resolve(new SkillReference("slack-post", "2"))!.Version, Is.EqualTo("2.0.0"));
        });
    }

    [TestCase("a", "a", null)]
    [TestCase("http_request@0", "http_request", "0")]
    [TestCase("slack-post@1.20", "slack-post", "1.20")]
    [TestCase("x@1.2.3-rc.1+b", "x", "1.2.3-rc.1+b")]
    public void Reads_a_reference(string text, string slug, string? range)
    {
        Assert.That(SkillReference.TryParse(text, out var reference));
        Assert.That(reference, Is.EqualTo(new SkillReference(slug, range)));
        Assert.That(reference.ToString(), Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("@1")]
    [TestCase("a@")]
    [TestCase("a@1.")]
    [TestCase("a@01")]
    [TestCase("a@v1")]
    [TestCase("a@1.2.3.4")]
    [TestCase("a@latest")]
    [TestCase("a@1@2")]
    [TestCase("-a")]
    [TestCase("a_")]
    [TestCase("A")]
    [TestCase("a\n")]
    [TestCase("a@1\n")]
    [TestCase("a@1.2.3\n")]
    [TestCase("a b")]
    [TestCase("a@99999999999")]
    public void Refuses_what_is_no_reference(string? text) => Assert.That(SkillReference.TryParse(text, out _), Is.False);

    [Test]
    public void A_document_names_each_reference_once()
    {
        using var json = System.Text.Json.JsonDocument.Parse(GraphExamples.Large);
        var problems = new List<GraphProblem>();
        Assert.That(
            GraphDocument.Parse(json.RootElement, problems).SkillReferences.Select(r => r.ToString()),
            Is.EquivalentTo(["http_request", "switch", "slack-post@1", "slack-post@1.2.0", "transform", "fail"]));
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public void Every_type_has_one_text() => Assert.That(
        Enum.GetValues<SkillType>().Select(t => SkillTypes.Parse(t.ToText())), Is.EqualTo(Enum.GetValues<SkillType>().Cast<SkillType?>()));
}
