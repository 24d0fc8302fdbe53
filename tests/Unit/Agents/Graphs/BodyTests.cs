using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>Graphs inside graphs: the bodies of foreach and loop.</summary>
[TestFixture]
public sealed class BodyTests
{
    const string Nested = """
        {
          "nodes": [
            { "id": "list", "skill": "transform", "with": { "items": [1, 2] } },
            { "id": "each", "skill": "foreach", "with": {
                "items": "=list.items", "concurrency": 3, "on_item_error": "collect",
                "body": {
                  "nodes": [
                    { "id": "first", "skill": "transform", "with": { "n": "=item", "at": "=index", "from": "=list.items", "cfg": "=config.x", "in": "=input" } },
                    { "id": "again", "skill": "loop", "with": {
                        "initial": { "n": "=first.n" }, "max_iterations": 5, "until": "=output.n > `3` && index > `0` && list != null",
                        "body": { "nodes": [{ "id": "step", "skill": "transform", "with": { "n": "=item.n", "outer": "=first.at" } }] } } }
                  ],
                  "edges": [{ "from": "first", "to": "again", "when": "item != `0`" }],
                  "output": { "last": "=again.output", "item": "=item" }
                } } }
          ],
          "edges": [{ "from": "list", "to": "each" }],
          "output": "=each.results"
        }
        """;

    [Test]
    public void Compiles_bodies_in_bodies_that_read_what_is_around_them()
    {
        var graph = Graph.Of(Nested);
        Assert.That(graph.Problems, Is.Empty);
        var each = graph.Valid.Nodes[graph.Valid.IndexOf("each")];
        var again = each.Body!.Graph.Nodes[each.Body.Graph.IndexOf("again")];

        Assert.Multiple(() =>
        {
            Assert.That(each.Body.Graph.Nodes.Select(n => n.Id), Is.EqualTo(["first", "again"]));
            Assert.That((each.Body.Until, each.Body.MaxIterations), Is.EqualTo(((Expression?)null, 0)));
            Assert.That((again.Body!.Until?.Text, again.Body.MaxIterations), Is.EqualTo(("output.n > `3` && index > `0` && list != null", 5)));
            Assert.That(again.Body.Graph.Nodes[0].Pointer, Is.EqualTo("/nodes/1/with/body/nodes/1/with/body/nodes/0"));
            Assert.That(graph.Valid.Nodes[graph.Valid.IndexOf("list")].Body, Is.Null);
        });
    }

    [Test]
    public void Keeps_the_other_arguments_as_the_nodes_with()
    {
        var graph = Graph.Of(Nested).Valid;
        var each = graph.Nodes[graph.IndexOf("each")];
        var scope = Datum.From(JsonElement.Parse("""{ "list": { "items": [7] }, "first": { "n": 1 } }"""));

        Assert.Multiple(() =>
        {
            Assert.That(Json(each.With.Evaluate(scope)), Is.EqualTo("""{"items":[7],"concurrency":3,"on_item_error":"collect"}"""));
            Assert.That(Json(each.Body!.Graph.Nodes[1].With.Evaluate(scope)), Is.EqualTo("""{"initial":{"n":1}}"""));
        });
    }

    [Test]
    public void Makes_a_graph_with_one_node_of_a_body_that_is_an_agent()
    {
        var graph = Graph.Of("""
            { "nodes": [
              { "id": "a", "skill": "foreach", "with": { "items": [1], "body": { "agent": "helper" } } },
              { "id": "b", "skill": "foreach", "with": { "items": [1], "body": { "agent": "helper", "version": "1.2.0", "input": { "x": "=item.y" } } } }
            ] }
            """).Valid;
        var (a, b) = (graph.Nodes[0].Body!.Graph, graph.Nodes[1].Body!.Graph);
        var scope = Datum.From(JsonElement.Parse("""{ "item": { "y": 5 }, "_run": { "done": true } }"""));

        Assert.Multiple(() =>
        {
            Assert.That(a.Nodes.Single().Skill.Type, Is.EqualTo(SkillType.Agent));
            Assert.That(Json(a.Nodes[0].With.Evaluate(scope)), Is.EqualTo("""{"agent":"helper","input":{"y":5}}"""));
            Assert.That(Json(b.Nodes[0].With.Evaluate(scope)), Is.EqualTo("""{"agent":"helper","version":"1.2.0","input":{"x":5}}"""));
            Assert.That(Json(a.Output.Evaluate(scope)), Is.EqualTo("""{"done":true}"""));
        });
    }

    [Test]
    public void Names_every_agent_that_is_called_also_in_bodies()
    {
        var document = GraphDocument.Parse(
            JsonElement.Parse("""
                { "nodes": [
                  { "id": "a", "skill": "agent@1", "with": { "agent": "one", "version": "2.0.0" } },
                  { "id": "b", "skill": "foreach", "with": { "items": [], "body": { "agent": "two" } } },
                  { "id": "c", "skill": "loop", "with": { "body": { "nodes": [{ "id": "d", "skill": "agent", "with": { "agent": "three" } }] } } },
                  { "id": "e", "skill": "transform", "with": { "agent": "none" } }
                ] }
                """),
            []);

        Assert.That(document.AgentCalls(Graph.Skills), Is.EqualTo(new AgentCall[]
        {
            new("/nodes/0/with", "one", "2.0.0"),
            new("/nodes/1/with/body", "two", null),
            new("/nodes/2/with/body/nodes/0/with", "three", null),
        }));
        Assert.That(document.SkillReferences.Select(r => r.ToString()), Is.EquivalentTo(["agent@1", "foreach", "agent", "loop", "transform"]));
    }

    // Each: what stands in for the body of a foreach behind a transform `list`, beside a transform `other`; and what is wrong with it.
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=other" } }] }""", "/nodes/0/with/a not_an_ancestor")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=each" } }] }""", "/nodes/0/with/a not_an_ancestor")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=x" } }] }""", "/nodes/0/with/a not_an_ancestor")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=nothing" } }] }""", "/nodes/0/with/a unknown_name")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=output" } }] }""", "/nodes/0/with/a unknown_name")]
    [TestCase("""{ "nodes": [{ "id": "list", "skill": "transform" }] }""", "/nodes/0/id duplicate_id")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transfrom" }] }""", "/nodes/0/skill unknown_skill")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "http_request", "with": { "url": "u", "tags": [1, 2] } }] }""", "/nodes/0/with/tags/0 with_invalid", "/nodes/0/with/tags/1 with_invalid")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform" }], "edges": [{ "from": "list", "to": "x" }] }""", "/edges/0/from unknown_node")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform" }, { "id": "y", "skill": "transform" }], "edges": [{ "from": "x", "to": "y" }, { "from": "y", "to": "x" }] }""", "/edges/1 cycle")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform" }], "output": "=other" }""", "/output not_an_ancestor")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform" }], "outputs": 1 }""", "/outputs unknown_member")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "a": "=(" } }] }""", "/nodes/0/with/a invalid_expression")]
    [TestCase("""{ "nodes": [] }""", "/nodes missing")]
    [TestCase("""{}""", " missing")]
    [TestCase("""{ "nodes": [{ "id": "x", "skill": "respond" }] }""", "/nodes/0 not_in_body")]
    [TestCase("""{ "agent": "=item.agent" }""", "/agent invalid_value")]
    [TestCase("""{ "agent": "a", "version": "{{item}}" }""", "/version invalid_value")]
    [TestCase("""{ "agent": 5 }""", "/agent with_invalid")]
    [TestCase("""{ "agent": "a", "input": "=other" }""", "/input not_an_ancestor")]
    [TestCase("""{ "agent": "a", "detached": true }""", "/detached unknown_member")]
    public void Says_where_in_a_body_the_mistake_is(string body, params string[] errors) =>
        Assert.That(Errors(body), Is.EqualTo(errors.Select(e => "/nodes/1/with/body" + e)));

    static IEnumerable<string> Errors(string body) => Graph.Of($$"""
        {
          "nodes": [
            { "id": "list", "skill": "transform" },
            { "id": "each", "skill": "foreach", "with": { "items": "=list.all", "body": {{body}} } },
            { "id": "other", "skill": "transform" }
          ],
          "edges": [{ "from": "list", "to": "each" }]
        }
        """).Errors;

    [TestCase("""{ "id": "a", "skill": "foreach" }""", "/nodes/0/with missing", "/nodes/0/with missing")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": [], "body": "=x" } }""", "/nodes/0/with/body invalid_type")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": "list", "body": { "agent": "x" } } }""", "/nodes/0/with/items invalid_type")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": "{{input.x}}", "body": { "agent": "x" } } }""", "/nodes/0/with/items invalid_type")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": "=item", "body": { "agent": "x" } } }""", "/nodes/0/with/items unknown_name")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": [], "concurrency": 65, "body": { "agent": "x" } } }""", "/nodes/0/with/concurrency invalid_value")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": [], "concurrency": "=input.n", "body": { "agent": "x" } } }""", "/nodes/0/with/concurrency invalid_type")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": [], "on_item_error": "skip", "body": { "agent": "x" } } }""", "/nodes/0/with/on_item_error invalid_value")]
    [TestCase("""{ "id": "a", "skill": "foreach", "with": { "items": [], "until": "x", "body": { "agent": "x" } } }""", "/nodes/0/with/until unknown_member")]
    [TestCase("""{ "id": "a", "skill": "foreach", "retry": {}, "timeout": "1s", "credential": "c", "with": { "items": [], "body": { "agent": "x" } } }""",
        "/nodes/0/credential not_applicable", "/nodes/0/retry not_applicable")]
    [TestCase("""{ "id": "a", "skill": "wait", "retry": {}, "timeout": "1s", "credential": "c", "with": { "for": "1m" } }""", "/nodes/0/credential not_applicable")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": {} }""", "/nodes/0/with missing")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": { "max_iterations": 1001, "body": { "agent": "x" } } }""", "/nodes/0/with/max_iterations invalid_value")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": { "until": "nothing", "body": { "agent": "x" } } }""", "/nodes/0/with/until unknown_name")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": { "until": "a.b", "body": { "agent": "x" } } }""", "/nodes/0/with/until not_an_ancestor")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": { "until": "length(`5`)", "body": { "agent": "x" } } }""", "/nodes/0/with/until invalid_expression")]
    [TestCase("""{ "id": "a", "skill": "loop", "with": { "until": 5, "body": { "agent": "x" } } }""", "/nodes/0/with/until invalid_type")]
    [TestCase("""{ "id": "a", "skill": "wait" }""", "/nodes/0/with invalid_value")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "for": "1s", "until": "=input.x" } }""", "/nodes/0/with invalid_value")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "for": "366d" } }""", "/nodes/0/with/for invalid_duration")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "for": "soon" } }""", "/nodes/0/with/for invalid_duration")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "for": -1 } }""", "/nodes/0/with/for invalid_duration")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "until": "2027-01-31T09:00:00" } }""", "/nodes/0/with/until invalid_value")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "for": "1s", "timeout": "1s" } }""", "/nodes/0/with/timeout not_applicable")]
    [TestCase("""{ "id": "a", "skill": "wait", "with": { "signal": "go", "timeout": "9000d" } }""", "/nodes/0/with/timeout invalid_duration")]
    [TestCase("""{ "id": "a", "skill": "approval", "with": { "title": "T", "expires_in": "never" } }""", "/nodes/0/with/expires_in invalid_duration")]
    [TestCase("""{ "id": "a", "skill": "agent", "with": { "agent": "{{input.agent}}" } }""", "/nodes/0/with/agent invalid_value")]
    public void Refuses_what_a_control_node_cannot_do(string node, params string[] errors) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{{node}}] }""").Errors, Is.EqualTo(errors));

    [TestCase("""{ "for": "365d" }""")]
    [TestCase("""{ "for": 1500 }""")]
    [TestCase("""{ "for": "=input.span" }""")]
    [TestCase("""{ "until": "2027-01-31T09:00:00+02:00" }""")]
    [TestCase("""{ "until": "2027-01-31T09:00:00.125Z" }""")]
    [TestCase("""{ "until": "{{input.day}}T09:00:00Z" }""")]
    [TestCase("""{ "signal": "paid", "timeout": "3d" }""")]
    [TestCase("""{ "signal": "paid-{{input.order}}" }""")]
    public void Takes_every_kind_of_wait(string with) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "wait", "with": {{with}} }] }""").Problems, Is.Empty);

    [Test]
    public void A_name_inside_a_body_is_unknown_outside_and_the_sentence_says_what_to_read()
    {
        var graph = Graph.Of("""
            { "nodes": [
              { "id": "each", "skill": "foreach", "with": { "items": [1], "body": { "nodes": [{ "id": "x", "skill": "transform" }] } } }
            ], "output": "=x" }
            """);

        Assert.That(graph.Errors, Is.EqualTo(["/output unknown_name"]));
        Assert.That(graph.Problems[0].Message, Does.Contain("'each'"));
    }

    [Test]
    public void Warns_inside_a_body_with_the_place_there()
    {
        var graph = Graph.Of("""
            { "nodes": [{ "id": "l", "skill": "loop", "with": { "body": {
              "nodes": [{ "id": "x", "skill": "old-mail" }, { "id": "y", "skill": "transform" }], "edges": [{ "from": "x", "to": "y", "when": "`false`" }] } } }] }
            """);

        Assert.That(graph.Errors, Is.Empty);
        Assert.That(graph.Warnings, Is.EquivalentTo(
        [
            "/nodes/0/with/body/nodes/0/skill skill_deprecated",
            "/nodes/0/with/body/edges/0/when never_live",
            "/nodes/0/with/body/nodes/1 unreachable",
        ]));
    }

    [Test]
    public void Limits_count_over_all_bodies()
    {
        var few = GraphLimits.Default with { Nodes = 3, Edges = 1 };
        var graph = Graph.Of(
            """
            { "nodes": [
              { "id": "a", "skill": "loop", "with": { "body": { "nodes": [{ "id": "x", "skill": "transform" }, { "id": "y", "skill": "transform" }], "edges": [{ "from": "x", "to": "y" }] } } },
              { "id": "b", "skill": "transform" }
            ], "edges": [{ "from": "a", "to": "b" }] }
            """,
            few);
        Assert.That(graph.Errors, Is.EqualTo(["/nodes limit_passed", "/edges limit_passed"]));
    }

    [TestCase(8, ExpectedResult = true)]
    [TestCase(9, ExpectedResult = false)]
    public bool Bodies_nest_eight_deep(int depth)
    {
        var json = """{ "nodes": [{ "id": "x", "skill": "transform" }] }""";
        for (var i = 0; i < depth; i++)
            json = $$"""{ "nodes": [{ "id": "l{{i}}", "skill": "loop", "with": { "body": {{json}} } }] }""";
        var graph = Graph.Of(json, GraphLimits.Default with { Depth = 100 });
        Assert.That(graph.Errors, Is.SubsetOf(["/nodes limit_passed"]));
        return graph.Compiled is not null;
    }

    static string Json(Datum value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            value.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
