namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>The http_request of these tests: see <see cref="Graph.Skills"/>.</summary>
[TestFixture]
public sealed class LiteralCheckTests
{
    [TestCase("{}", "")]
    [TestCase("""{ "url": 1 }""", "/url")]
    [TestCase("""{ "url": "" }""", "/url")]
    [TestCase("""{ "url": "x", "method": "FETCH" }""", "/method")]
    [TestCase("""{ "url": "=input.url", "method": "FETCH" }""", "/method")]
    [TestCase("""{ "url": "=input.url", "headers": { "a": true, "b": "=input" } }""", "/headers/a")]
    [TestCase("""{ "url": "=input.url", "uri": "=input.uri" }""", "/uri")]
    [TestCase("""{ "url": "x", "tags": ["=input.tag"] }""", "/tags")]
    [TestCase("""{ "url": "x", "tags": ["{{input.tag}}", 2] }""", "/tags/1")]
    [TestCase("""{ "url": "x", "method": "POST" }""", "")]
    public void Refuses_a_literal_that_cannot_be_right(string with, string pointer)
    {
        var errors = Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "http_request", "with": {{with}} }] }""").Errors.Where(e => e.EndsWith("with_invalid", StringComparison.Ordinal));
        Assert.That(errors, Is.EqualTo([$"/nodes/0/with{pointer} with_invalid"]));
    }

    [TestCase("""{ "url": "=input.url" }""")]
    [TestCase("""{ "url": "{{input.url}}", "method": "=input.method" }""")]
    [TestCase("""{ "url": "x", "retries": "=input.retries" }""")]
    [TestCase("""{ "url": "x", "tags": "=input.tags" }""")]
    [TestCase("""{ "url": "x", "tags": ["=input.a", "=input.b"] }""")]
    [TestCase("""{ "url": "x", "method": "POST", "headers": "=input.headers" }""")]
    [TestCase("""{ "url": "x", "headers": { "a": "=input.a", "b": 1, "c": "c" } }""")]
    public void Says_nothing_of_what_is_computed(string with) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "http_request", "with": {{with}} }] }""").Problems, Is.Empty);

    [TestCase("{}", 0)]
    [TestCase("""{ "url": "=input.url" }""", 0)]
    [TestCase("""{ "url": 1 }""", 1)]
    public void What_the_skill_presets_need_not_be_given_again(string with, int errors) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "our-api", "with": {{with}} }] }""").Errors.Count(), Is.EqualTo(errors));

    [Test]
    public void A_doubled_sign_is_checked_as_the_text_that_it_means() => Assert.That(
        Graph.Of("""{ "nodes": [{ "id": "a", "skill": "http_request", "with": { "url": "==", "method": "==GET" } }] }""").Errors, Is.EqualTo(["/nodes/0/with/method with_invalid"]));
}
