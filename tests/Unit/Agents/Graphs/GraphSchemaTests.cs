using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Unit.Agents.Graphs;

[TestFixture]
public sealed class GraphSchemaTests
{
    static CompiledSchema Schema { get; } = CompiledSchema.TryCompile(JsonElement.Parse(GraphSchema.Json), out var schema, out _)
        ? schema!
        : throw new InvalidOperationException("The graph's schema does not compile.");

    [TestCaseSource(typeof(GraphExamples), nameof(GraphExamples.All))]
    public void What_the_compiler_accepts_the_schema_accepts(string graph)
    {
        Assert.That(Graph.Of(graph).Problems, Is.Empty);
        Assert.That(Schema.Validate(JsonElement.Parse(graph)), Is.Empty);
    }

    [TestCaseSource(typeof(GraphExamples), nameof(GraphExamples.WronglyBuilt))]
    public void What_is_built_wrongly_both_refuse(string graph)
    {
        Assert.That(Graph.Of(graph).Errors, Is.Not.Empty);
        Assert.That(Schema.Validate(JsonElement.Parse(graph)), Is.Not.Empty);
    }
}
