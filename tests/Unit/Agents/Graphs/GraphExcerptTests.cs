using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Graphs;

[TestFixture]
public sealed class GraphExcerptTests
{
    [Test]
    public void The_node_and_what_is_before_it_are_kept_and_the_output_goes() =>
        Assert.That(
            Around("""{"nodes":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}],"edges":[{"from":"a","to":"b","when":"x"},{"from":"b","to":"c","when":"y"},{"from":"d","to":"c"}],"output":"=c"}""", "b"),
            Is.EqualTo("""{"nodes":[{"id":"a"},{"id":"b"}],"edges":[{"from":"a","to":"b"}]}"""));

    [Test]
    public void Conditions_stay_only_before_nodes_that_are_to_be_run() =>
        Assert.That(
            Around("""{"nodes":[{"id":"a"},{"id":"b"},{"id":"c"}],"edges":[{"from":"a","to":"b","when":"x"},{"from":"b","to":"c","case":"1"},{"from":"b","to":"c","case":"2"}]}""", "c", "a"),
            Is.EqualTo("""{"nodes":[{"id":"a"},{"id":"b"},{"id":"c"}],"edges":[{"from":"a","to":"b","when":"x"},{"from":"b","to":"c"}]}"""));

    [Test]
    public void A_fallback_that_is_not_kept_is_forgotten_and_one_that_leads_to_the_node_is_before_it() =>
        Assert.That(
            Around("""{"nodes":[{"id":"a","on_error":{"goto":"c"}},{"id":"b","on_error":{"goto":"d"}},{"id":"c"},{"id":"d"}],"edges":[{"from":"b","to":"a"}]}""", "c"),
            Is.EqualTo("""{"nodes":[{"id":"a","on_error":{"goto":"c"}},{"id":"b"},{"id":"c"}],"edges":[{"from":"b","to":"a"}]}"""));

    [TestCase("""{"nodes":[{"id":"a"}]}""")]
    [TestCase("""{"nodes":{"id":"z"}}""")]
    [TestCase("""{"nodes":[null,1,{"id":2}],"edges":"none"}""")]
    public void There_is_none_around_a_node_that_is_not_there(string graph) => Assert.That(Around(graph, "z"), Is.Null);

    [Test]
    public void A_cycle_ends() =>
        Assert.That(Around("""{"nodes":[{"id":"a"},{"id":"b"}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"a"},{"to":"a"},7]}""", "a"),
            Is.EqualTo("""{"nodes":[{"id":"a"},{"id":"b"}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"a"}]}"""));

    static string? Around(string graph, string node, params string[] standing) =>
        GraphExcerpt.Around(JsonElement.Parse(graph), node, standing.ToHashSet(StringComparer.Ordinal))?.GetRawText();
}
