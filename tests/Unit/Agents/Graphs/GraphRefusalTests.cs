using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Graphs;

/// <summary>Every mistake has its place, its code, and a sentence that names what to do.</summary>
[TestFixture]
public sealed class GraphRefusalTests
{
    [TestCase("[]", " invalid_type")]
    [TestCase("{}", " missing")]
    [TestCase("""{ "nodes": [] }""", "/nodes missing")]
    [TestCase("""{ "nodes": {} }""", "/nodes invalid_type")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform" }], "edges": null }""", "/edges invalid_type")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform" }], "edge": [] }""", "/edge unknown_member")]
    [TestCase("""{ "nodes": [7] }""", "/nodes/0 invalid_type")]
    [TestCase("""{ "nodes": [{ "id": "a", "id": "b", "skill": "transform" }] }""", "/nodes/0/id duplicate_member")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": "\ud800" } }] }""", "/nodes/0/with/x invalid_text")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "\ud800": 1 } }] }""", "/nodes/0/with invalid_text")]
    public void Refuses_a_broken_document(string graph, string error) => Assert.That(Graph.Of(graph).Errors, Is.EqualTo([error]));

    [TestCase("""  "skill": "transform" """, " missing")]
    [TestCase("""  "id": "a" """, " missing")]
    [TestCase("""  "id": "A", "skill": "transform" """, "/id invalid_id")]
    [TestCase("""  "id": "a\n", "skill": "transform" """, "/id invalid_id")]
    [TestCase("""  "id": "", "skill": "transform" """, "/id invalid_id")]
    [TestCase("""  "id": "a234567890123456789012345678901234567890123456789012345678901234", "skill": "transform" """, "/id invalid_id")]
    [TestCase("""  "id": "input", "skill": "transform" """, "/id reserved_id")]
    [TestCase("""  "id": "errors", "skill": "transform" """, "/id reserved_id")]
    [TestCase("""  "id": 1, "skill": "transform" """, "/id invalid_type")]
    [TestCase("""  "id": "a", "skill": "Transform" """, "/skill invalid_skill")]
    [TestCase("""  "id": "a", "skill": "transform@v1" """, "/skill invalid_skill")]
    [TestCase("""  "id": "a", "skill": "transfrom" """, "/skill unknown_skill")]
    [TestCase("""  "id": "a", "skill": "slack-post@4" """, "/skill version_not_found")]
    [TestCase("""  "id": "a", "skill": "drafted" """, "/skill version_not_found")]
    [TestCase("""  "id": "a", "skill": "transform", "wiht": {} """, "/wiht unknown_member")]
    [TestCase("""  "id": "a", "skill": "transform", "with": "=input" """, "/with invalid_type")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": "=foo(" } """, "/with/x invalid_expression")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": ["{{input"] } """, "/with/x/0 invalid_expression")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": "=inptu.url" } """, "/with/x unknown_name")]
    [TestCase("""  "id": "true", "skill": "transform" """, "/id reserved_id")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": "=input.ok == true" } """, "/with/x unknown_name")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": "{{item}}" } """, "/with/x unknown_name")]
    [TestCase("""  "id": "a", "skill": "transform", "with": { "x": "=a.b" } """, "/with/x not_an_ancestor")]
    [TestCase("""  "id": "a", "skill": "transform", "credential": "=input.key" """, "/credential invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "credential": "" """, "/credential invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "timeout": "10 s" """, "/timeout invalid_duration")]
    [TestCase("""  "id": "a", "skill": "transform", "timeout": "61m" """, "/timeout invalid_duration")]
    [TestCase("""  "id": "a", "skill": "transform", "timeout": 0 """, "/timeout invalid_duration")]
    [TestCase("""  "id": "a", "skill": "transform", "timeout": 1e300 """, "/timeout invalid_duration")]
    [TestCase("""  "id": "a", "skill": "transform", "timeout": null """, "/timeout invalid_duration")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": 3 """, "/retry invalid_type")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "max_attempts": 21 } """, "/retry/max_attempts invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "max_attempts": 1.5 } """, "/retry/max_attempts invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "factor": 0.5 } """, "/retry/factor invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "initial": "2s", "max": "1s" } """, "/retry/max invalid_retry")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "on": ["timeuot"] } """, "/retry/on invalid_retry")]
    [TestCase("""  "id": "a", "skill": "transform", "retry": { "on": [503] } """, "/retry/on invalid_retry")]
    [TestCase("""  "id": "a", "skill": "transform", "on_error": "ignore" """, "/on_error invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "on_error": {} """, "/on_error missing")]
    [TestCase("""  "id": "a", "skill": "transform", "on_error": { "goto": "b" } """, "/on_error/goto unknown_node")]
    [TestCase("""  "id": "a", "skill": "transform", "on_error": { "goto": "a" } """, "/on_error/goto cycle")]
    [TestCase("""  "id": "a", "skill": "transform", "join": "one" """, "/join invalid_value")]
    [TestCase("""  "id": "a", "skill": "transform", "position": { "x": 1 } """, "/position missing")]
    [TestCase("""  "id": "a", "skill": "switch", "with": {} """, "/with missing")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [] } """, "/with/cases invalid_value")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": "=input" } """, "/with/cases invalid_type")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [{ "name": "x" }] } """, "/with/cases/0 missing")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [{ "name": "x", "when": "input.(" }] } """, "/with/cases/0/when invalid_expression")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [{ "name": "x", "when": "nput" }] } """, "/with/cases/0/when unknown_name")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [{ "name": "x", "when": "abs('1')" }] } """, "/with/cases/0/when invalid_expression")]
    [TestCase("""  "id": "a", "skill": "switch", "with": { "cases": [{ "name": "x", "when": "input" }, { "name": "x", "when": "run" }] } """, "/with/cases/1/name duplicate_case")]
    public void Refuses_a_node(string members, string error) =>
        Assert.That(Graph.Of($$"""{ "nodes": [{ {{members}} }] }""").Errors, Is.EqualTo([$"/nodes/0{error}"]));

    [TestCase("""  "to": "b" """, " missing")]
    [TestCase("""  "from": "a", "to": "c" """, "/to unknown_node")]
    [TestCase("""  "from": "c", "to": "b" """, "/from unknown_node")]
    [TestCase("""  "from": "a", "to": 1 """, "/to invalid_type")]
    [TestCase("""  "from": "a", "to": "a" """, " cycle")]
    [TestCase("""  "from": "a", "to": "b", "if": "x" """, "/if unknown_member")]
    [TestCase("""  "from": "a", "to": "b", "when": true """, "/when invalid_type")]
    [TestCase("""  "from": "a", "to": "b", "when": "a.(" """, "/when invalid_expression")]
    [TestCase("""  "from": "a", "to": "b", "when": "length(`1`)" """, "/when invalid_expression")]
    [TestCase("""  "from": "a", "to": "b", "when": "b.ok" """, "/when not_an_ancestor")]
    [TestCase("""  "from": "a", "to": "b", "when": "=aa.ok" """, "/when unknown_name")]
    [TestCase("""  "from": "a", "to": "b", "case": "x" """, "/case no_switch")]
    [TestCase("""  "from": "s", "to": "b", "case": "y" """, "/case unknown_case")]
    public void Refuses_an_edge(string members, string error) => Assert.That(
        Graph.Of($$"""
            {
              "nodes": [
                { "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" },
                { "id": "s", "skill": "switch", "with": { "cases": [{ "name": "x", "when": "input" }] } }
              ],
              "edges": [{ {{members}} }]
            }
            """).Errors,
        Is.EqualTo([$"/edges/0{error}"]));

    [Test]
    public void Refuses_the_same_edge_and_the_same_id_twice() => Assert.That(
        Graph.Of(["a", "b", "a"], ["a>b", "a>b"]).Errors, Is.EqualTo(["/nodes/2/id duplicate_id", "/edges/1 duplicate_edge"]));

    [Test]
    public void Edges_between_the_same_nodes_under_different_conditions_are_no_duplicates() => Assert.That(
        Graph.Of("""
            {
              "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }],
              "edges": [{ "from": "a", "to": "b", "when": "a.x" }, { "from": "a", "to": "b", "when": "a.y" }]
            }
            """).Problems,
        Is.Empty);

    [Test]
    public void Names_each_cycle_once_in_the_order_of_its_edges()
    {
        var problems = Graph.Of(["a", "b", "c", "d", "e", "f"], ["a>b", "b>c", "c>a", "c>b", "c>d", "d>e", "e>d", "e>f"]).Problems;

        Assert.Multiple(() =>
        {
            Assert.That(problems.Select(p => (p.Pointer, p.Code)), Is.EqualTo(new[] { ("/edges/2", "cycle"), ("/edges/6", "cycle") }));
            Assert.That(problems[0].Message, Does.Contain(": a → b → c → a."));
            Assert.That(problems[1].Message, Does.Contain(": d → e → d."));
        });
    }

    [Test]
    public void Finds_a_cycle_of_any_length_without_recursion()
    {
        const int count = 100_000;
        var graph = Graph.Of(Enumerable.Range(0, count).Select(i => $"n{i}"), Enumerable.Range(0, count).Select(i => $"n{i}>n{(i + 1) % count}"));

        Assert.Multiple(() =>
        {
            Assert.That(graph.Problems.Select(p => p.Code).Distinct(), Is.EquivalentTo(["limit_passed", "cycle"]));
            Assert.That(graph.Problems.Single(p => p.Code == "cycle").Message, Has.Length.LessThan(1000).And.Contain("more"));
        });
    }

    [Test]
    public void Says_which_edge_is_missing_when_a_node_reads_one_that_is_no_ancestor()
    {
        var problems = Graph.Of("""
            {
              "nodes": [
                { "id": "a", "skill": "transform", "with": { "later": "=c" } },
                { "id": "b", "skill": "transform", "with": { "beside": "{{a.x}} {{c.x}}" } },
                { "id": "c", "skill": "transform", "with": { "fine": "=a.x" } }
              ],
              "edges": [{ "from": "a", "to": "c" }]
            }
            """).Problems;

        Assert.Multiple(() =>
        {
            Assert.That(problems.Select(p => (p.Pointer, p.Code)), Is.EqualTo(new[]
            {
                ("/nodes/0/with/later", "not_an_ancestor"), ("/nodes/1/with/beside", "not_an_ancestor"), ("/nodes/1/with/beside", "not_an_ancestor"),
            }));
            Assert.That(problems[0].Message, Does.StartWith("'c' runs after 'a'"));
            Assert.That(problems[1].Message, Does.Contain("add an edge from 'a' to 'b'"));
            Assert.That(problems[2].Message, Does.Contain("add an edge from 'c' to 'b'"));
        });
    }

    [TestCase("=fetc.body", "Did you mean 'fetch'?")]
    [TestCase("=confg.key", "Did you mean 'config'?")]
    [TestCase("=zzzzzzzz", null)]
    public void Offers_the_name_that_was_probably_meant(string expression, string? hint)
    {
        var message = Graph.Of($$"""{ "nodes": [{ "id": "fetch", "skill": "transform" }], "output": "{{expression}}" }""").Problems.Single().Message;
        Assert.That(message, hint is null ? Does.Not.Contain("Did you mean") : Does.EndWith(hint));
    }

    [Test]
    public void Lists_the_versions_that_exist_when_none_fits() => Assert.That(
        Graph.Of("""{ "nodes": [{ "id": "a", "skill": "slack-post@4" }] }""").Problems.Single().Message,
        Is.EqualTo("The skill 'slack-post' has no active version 4; there is 3.0.0-beta.1, 2.0.0, 1.10.0, 1.2.0, 1.0.0."));

    [Test]
    public void Reports_every_error_at_once() => Assert.That(
        Graph.Of("""
            {
              "nodes": [
                { "id": "A", "skill": "nothing", "with": { "x": "=(" }, "timeout": "soon" },
                { "id": "b", "skill": "transform", "with": { "x": "=nobody", "y": "=c" } },
                { "id": "c", "skill": "transform", "extra": 1 }
              ],
              "edges": [{ "from": "b", "to": "b" }, { "from": "A", "to": "x" }],
              "output": "=)",
              "more": true
            }
            """).Errors,
        Is.EquivalentTo([
            "/more unknown_member", "/nodes/0/id invalid_id", "/nodes/0/timeout invalid_duration", "/nodes/2/extra unknown_member",
            "/edges/1/from unknown_node", "/edges/1/to unknown_node", "/edges/0 cycle", "/nodes/0/skill unknown_skill", "/nodes/0/with/x invalid_expression",
            "/nodes/1/with/x unknown_name", "/nodes/1/with/y not_an_ancestor", "/output invalid_expression",
        ]));

    [Test]
    public void Refuses_what_passes_a_limit()
    {
        var few = new GraphLimits(Nodes: 1, Edges: 0, Bytes: 100, Depth: 4, ExpressionLength: 10);
        Assert.Multiple(() =>
        {
            Assert.That(Graph.Of(["a", "b"], ["a>b"], few).Errors, Is.EqualTo(["/nodes limit_passed", "/edges limit_passed", " limit_passed"]));
            Assert.That(Graph.Of("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": [[]] } }] }""", few).Errors, Is.EqualTo([" limit_passed"]));
            Assert.That(Graph.Of("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": "=input.aaaaa" } }] }""", few).Errors, Is.EqualTo(["/nodes/0/with/x limit_passed"]));
            Assert.That(Graph.Of("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": "=input.aaaa" } }] }""", few).Errors, Is.Empty);
            Assert.That(Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": "={{new string('a', 5000)}}" } }] }""").Errors, Is.EqualTo(["/nodes/0/with/x limit_passed"]));
            Assert.That(Graph.Of(Enumerable.Range(0, 501).Select(i => $"n{i}"), []).Errors, Is.EqualTo(["/nodes limit_passed"]));
        });
    }

    [Test]
    public void Names_no_more_mistakes_than_anyone_reads()
    {
        var names = string.Join(",", Enumerable.Range(0, 20_000).Select(i => $"\"=x{i}\""));
        var graph = Graph.Of($$"""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "x": [{{names}}] } }] }""");

        Assert.That(graph.Compiled, Is.Null);
        Assert.That(graph.Problems, Has.Count.EqualTo(500));
    }

    [Test]
    public void Warnings_never_hide_an_error()
    {
        var nodes = string.Join(",", Enumerable.Range(0, 500).Select(i => $$"""{ "id": "n{{i}}", "skill": "old-mail" }"""));
        Assert.That(Graph.Of($$"""{ "nodes": [{{nodes}}], "output": "=nobody" }""").Errors, Is.EqualTo(["/output unknown_name"]));
    }

    [Test]
    public void White_space_does_not_count_towards_the_size() => Assert.That(
        Graph.Of("""{ "nodes": [{ "id": "a", "skill": "transform" }] }""" + new string(' ', 300_000)).Problems, Is.Empty);

    [Test]
    public void Refuses_a_document_that_is_nested_without_end() => Assert.That(
        Graph.Of($$"""{ "nodes": {{new string('[', 900)}}{{new string(']', 900)}} }""").Errors, Is.EqualTo([" limit_passed"]));
}
