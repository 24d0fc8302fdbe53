namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>What is allowed, but hardly meant.</summary>
[TestFixture]
public sealed class GraphWarningTests
{
    [Test]
    public void Warns_of_a_deprecated_skill_and_compiles()
    {
        var graph = Graph.Of("""{ "nodes": [{ "id": "a", "skill": "old-mail" }] }""");

        Assert.Multiple(() =>
        {
            Assert.That(graph.Valid.Nodes[0].Skill.IsDeprecated);
            Assert.That(graph.Warnings, Is.EqualTo(["/nodes/0/skill skill_deprecated"]));
            Assert.That(graph.Problems[0].Message, Does.Contain("Use slack-post."));
        });
    }

    [TestCase("`false`")]
    [TestCase("=`null`")]
    [TestCase("''")]
    [TestCase("`1` == `2`")]
    public void Warns_of_a_condition_that_is_never_true_and_of_what_hangs_on_it(string when)
    {
        var graph = Graph.Of($$"""
            {
              "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }, { "id": "c", "skill": "transform" }, { "id": "d", "skill": "transform" }],
              "edges": [{ "from": "a", "to": "b", "when": "{{when}}" }, { "from": "b", "to": "c" }, { "from": "b", "to": "d" }, { "from": "a", "to": "d" }]
            }
            """);

        Assert.Multiple(() =>
        {
            Assert.That(graph.Compiled, Is.Not.Null);
            Assert.That(graph.Warnings, Is.EqualTo(["/edges/0/when never_live", "/nodes/1 unreachable", "/nodes/2 unreachable"]));
        });
    }

    [TestCase("`true`")]
    [TestCase("a.ok")]
    [TestCase("@")]
    public void Is_silent_where_the_condition_may_be_true(string when) => Assert.That(
        Graph.Of($$"""
            {
              "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }],
              "edges": [{ "from": "a", "to": "b", "when": "{{when}}" }]
            }
            """).Problems,
        Is.Empty);

    [Test]
    public void A_node_that_only_an_error_leads_to_is_reachable_and_may_read_the_failed_one() => Assert.That(
        Graph.Of("""
            {
              "nodes": [
                { "id": "a", "skill": "transform", "on_error": { "goto": "b" } },
                { "id": "b", "skill": "transform", "with": { "why": "=errors.a.message", "partly": "=a" } }
              ]
            }
            """).Problems,
        Is.Empty);

    [TestCase("sum([`1`, `2`]) > `2`")]
    [TestCase("{a: `1`}.a == `1`")]
    public void A_constant_condition_is_judged_as_a_run_would(string condition) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }], "edges": [{ "from": "a", "to": "b", "when": "{{condition}}" }] }""").Problems, Is.Empty);
}
