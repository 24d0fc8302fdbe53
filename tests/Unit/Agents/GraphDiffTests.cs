using System.Text.Json;
using AgentPlatform.Domain.Agents;

namespace AgentPlatform.Unit.Agents;

public sealed class GraphDiffTests
{
    [Test]
    public void A_graph_does_not_differ_from_itself_in_another_order()
    {
        var changes = Between(
            """{ "nodes": [{ "id": "a", "skill": "x" }, { "id": "b", "skill": "y" }], "edges": [{ "from": "a", "to": "b" }] }""",
            """{ "edges": [{ "to": "b", "from": "a" }], "nodes": [{ "skill": "y", "id": "b" }, { "skill": "x", "id": "a" }] }""");
        Assert.Multiple(() =>
        {
            Assert.That(changes.Nodes.Added.Concat(changes.Nodes.Removed), Is.Empty);
            Assert.That(changes.Nodes.Changed, Is.Empty);
            Assert.That(changes.Edges.Added.Concat(changes.Edges.Removed), Is.Empty);
            Assert.That(changes.Output, Is.Empty);
        });
    }

    [Test]
    public void Names_the_deepest_place_that_changed()
    {
        var changes = Between(
            """{ "nodes": [{ "id": "a", "with": { "x/y": [1, { "z": 1 }], "gone": true } }] }""",
            """{ "nodes": [{ "id": "a", "with": { "x/y": [1, { "z": 2 }], "new": null } }], "output": "=a" }""");
        Assert.That(changes.Nodes.Changed.Single().Changes.Select(c => c.Pointer), Is.EqualTo(new[] { "/with/x~1y/1/z", "/with/gone", "/with/new" }));
        Assert.That(changes.Output.Single(), Has.Property(nameof(JsonChange.Pointer)).EqualTo("/output").And.Property(nameof(JsonChange.Before)).Null);
    }

    [Test]
    public void A_list_of_another_length_changed_as_a_whole()
    {
        var changes = Between("""{ "nodes": [{ "id": "a", "with": [1, 2] }] }""", """{ "nodes": [{ "id": "a", "with": [2] }] }""");
        Assert.That(changes.Nodes.Changed.Single().Changes.Single().Pointer, Is.EqualTo("/with"));
    }

    [Test]
    public void An_edge_with_another_condition_is_one_removed_and_one_added()
    {
        var changes = Between("""{ "edges": [{ "from": "a", "to": "b", "when": "x" }] }""", """{ "edges": [{ "from": "a", "to": "b" }] }""");
        Assert.That((changes.Edges.Added.Count, changes.Edges.Removed.Count), Is.EqualTo((1, 1)));
    }

    static GraphChanges Between(string before, string after) => GraphChanges.Between(JsonElement.Parse(before), JsonElement.Parse(after));
}
