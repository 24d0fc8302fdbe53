using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>What a valid graph becomes.</summary>
[TestFixture]
public sealed class GraphCompilerTests
{
    const string Full = """
        {
          "nodes": [
            { "id": "escalate", "skill": "slack-post@1", "with": { "text": "={{nothing}}" }, "join": "any", "name": "Escalate", "description": "To the team", "position": { "x": 1.5, "y": -2 } },
            { "id": "fetch", "skill": "http_request", "with": { "method": "GET", "url": "=input.url" }, "credential": "github", "timeout": "10s",
              "retry": { "max_attempts": 4, "initial": "200ms", "factor": 3, "max": "30s", "jitter": false, "on": ["timeout", "5xx", 429] },
              "on_error": { "goto": "escalate" } },
            { "id": "route", "skill": "switch", "with": { "cases": [{ "name": "bad", "when": "=fetch.score < `3`" }, { "name": "good", "when": "fetch.score > `7`" }], "default": "fair" } },
            { "id": "tell", "skill": "transform", "with": { "said": "{{fetch.text}}", "literally": "==x" }, "on_error": "continue", "timeout": 1500 }
          ],
          "edges": [
            { "from": "fetch", "to": "route" },
            { "from": "route", "to": "escalate", "case": "bad" },
            { "from": "route", "to": "tell", "when": "= fetch.text != null", "case": "good" }
          ],
          "output": { "told": "=tell.said" }
        }
        """;

    [Test]
    public void Compiles_every_member_of_a_node()
    {
        var graph = Graph.Of(Full.Replace("={{nothing}}", "Help", StringComparison.Ordinal)).Valid;
        var fetch = graph.Nodes[graph.IndexOf("fetch")];

        Assert.Multiple(() =>
        {
            Assert.That(graph.Nodes.Select(n => n.Id), Is.EqualTo(["fetch", "route", "escalate", "tell"]));
            Assert.That(graph.Nodes.Select(n => n.Index), Is.EqualTo([0, 1, 2, 3]));
            Assert.That(fetch.Pointer, Is.EqualTo("/nodes/1"));
            Assert.That(fetch.Skill.Slug, Is.EqualTo("http_request"));
            Assert.That(fetch.Credential, Is.EqualTo("github"));
            Assert.That(fetch.Timeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(fetch.OnError, Is.EqualTo(new OnError(OnErrorKind.Goto, graph.IndexOf("escalate"))));
            Assert.That(fetch.Retry!.MaxAttempts, Is.EqualTo(4));
            Assert.That(fetch.Retry.Initial, Is.EqualTo(TimeSpan.FromMilliseconds(200)));
            Assert.That(fetch.Retry.Factor, Is.EqualTo(3));
            Assert.That(fetch.Retry.Max, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(fetch.Retry.Jitter, Is.False);
            Assert.That(fetch.Retry.On, Is.EqualTo(["timeout", "5xx", "429"]));
            Assert.That(graph.Nodes[graph.IndexOf("escalate")].Join, Is.EqualTo(Join.Any));
            Assert.That(graph.Nodes[graph.IndexOf("tell")].OnError.Kind, Is.EqualTo(OnErrorKind.Continue));
            Assert.That(graph.Nodes[graph.IndexOf("tell")].Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(1500)));
            Assert.That(graph.IndexOf("nobody"), Is.EqualTo(-1));
        });
    }

    [Test]
    public void Links_nodes_by_edges_and_error_edges()
    {
        var graph = Graph.Of(Full.Replace("={{nothing}}", "Help", StringComparison.Ordinal)).Valid;
        int At(string id) => graph.IndexOf(id);

        Assert.Multiple(() =>
        {
            Assert.That(graph.Edges.Select(e => (e.Index, e.From, e.To, e.When?.Text, e.Case, e.IsErrorEdge)), Is.EqualTo(new (int, int, int, string?, string?, bool)[]
            {
                (0, At("fetch"), At("route"), null, null, false),
                (1, At("route"), At("escalate"), null, "bad", false),
                (2, At("route"), At("tell"), " fetch.text != null", "good", false),
                (3, At("fetch"), At("escalate"), null, null, true),
            }));
            Assert.That(graph.Nodes[At("escalate")].Incoming.Select(e => e.Index), Is.EqualTo([1, 3]));
            Assert.That(graph.Nodes[At("fetch")].Outgoing.Select(e => e.Index), Is.EqualTo([0, 3]));
        });
    }

    [Test]
    public void Reads_the_cases_of_a_switch_with_its_default_last()
    {
        var graph = Graph.Of(Full.Replace("={{nothing}}", "Help", StringComparison.Ordinal)).Valid;
        var cases = graph.Nodes[graph.IndexOf("route")].Cases!;

        Assert.Multiple(() =>
        {
            Assert.That(cases.Select(c => (c.Name, c.When?.Text, c.Index)), Is.EqualTo(new (string, string?, int)[]
            {
                ("bad", "fetch.score < `3`", 0), ("good", "fetch.score > `7`", 1), ("fair", null, -1),
            }));
            Assert.That(graph.Nodes[graph.IndexOf("fetch")].Cases, Is.Null);
        });
    }

    [Test]
    public void Evaluates_with_and_output_over_the_scope()
    {
        var graph = Graph.Of(Full.Replace("={{nothing}}", "Help", StringComparison.Ordinal)).Valid;
        var scope = Datum.From(JsonElement.Parse("""{ "input": { "url": "https://example.com" }, "tell": { "said": "done" } }"""));

        Assert.Multiple(() =>
        {
            Assert.That(graph.Nodes[graph.IndexOf("fetch")].With.Evaluate(scope).TryGetProperty("url", out var url) ? url.GetString() : null, Is.EqualTo("https://example.com"));
            Assert.That(graph.Output.Evaluate(scope).TryGetProperty("told", out var told) ? told.GetString() : null, Is.EqualTo("done"));
        });
    }

    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform" }] }""", """{"a":1}""", ExpectedResult = "1", TestName = "The_output_of_the_only_sink_is_the_default_output")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }] }""", """{"a":1,"b":2}""", ExpectedResult = """{"a":1,"b":2}""", TestName = "All_sinks_by_id_are_the_default_output")]
    [TestCase(
        """{ "nodes": [{ "id": "a", "skill": "transform", "on_error": { "goto": "stop" } }, { "id": "stop", "skill": "fail" }] }""", """{"a":1,"stop":null}""",
        ExpectedResult = "1", TestName = "A_node_that_only_an_error_leads_on_from_is_a_sink_and_fail_is_none")]
    public string Default_output(string graph, string scope)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Graph.Of(graph).Valid.Output.WriteTo(writer, Datum.From(JsonElement.Parse(scope)));
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    [Test]
    public void A_node_without_anything_optional_takes_the_defaults()
    {
        var node = Graph.Of(["a"], []).Valid.Nodes[0];

        Assert.Multiple(() =>
        {
            Assert.That((node.Join, node.OnError), Is.EqualTo((Join.All, new OnError(OnErrorKind.Fail, -1))));
            Assert.That((node.Timeout, node.Retry, node.Credential, node.Cases), Is.EqualTo(((TimeSpan?)null, (RetryPolicy?)null, (string?)null, (IReadOnlyList<SwitchCase>?)null)));
            Assert.That(node.With.IsLiteral);
        });
    }

    [Test]
    public void Outlives_the_document_it_was_read_from()
    {
        CompiledGraph graph;
        using (var document = JsonDocument.Parse("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": [1, "y"] } }] }"""))
            graph = Graph.Of(document.RootElement).Valid;

        Assert.That(graph.Nodes[0].With.Evaluate(Datum.Null).TryGetProperty("x", out var x) ? x.ItemAt(1).GetString() : null, Is.EqualTo("y"));
    }

    [Test]
    public void Compiles_a_graph_at_the_limits()
    {
        string[] nodes = [.. Enumerable.Range(0, 500).Select(i => $"n{i}")];
        string[] edges = [.. Enumerable.Range(1, 499).Select(i => $"n{i - 1}>n{i}"), .. Enumerable.Range(2, 498).Select(i => $"n{i - 2}>n{i}"), "n0>n3", "n0>n4", "n0>n5"];

        Assert.That(edges, Has.Length.EqualTo(1000));
        Assert.That(Graph.Of(nodes, edges).Valid.Nodes.Select(n => n.Id), Is.EqualTo(nodes));
    }
}
