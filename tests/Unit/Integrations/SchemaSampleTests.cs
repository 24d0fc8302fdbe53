using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

namespace AgentPlatform.Unit.Integrations;

public sealed class SchemaSampleTests
{
    [TestCase("""{ "type": "object", "properties": { "a": { "type": "string", "minLength": 20 }, "b": { "type": "integer", "minimum": 5, "maximum": 5 } }, "required": ["a", "b"], "additionalProperties": false }""")]
    [TestCase("""{ "type": "array", "minItems": 3, "items": { "enum": ["x", "y"] } }""")]
    [TestCase("""{ "type": ["null", "string"] }""")]
    [TestCase("""{ "anyOf": [{ "type": "number", "exclusiveMaximum": -3 }, { "type": "string" }] }""")]
    [TestCase("""{ "$ref": "#/$defs/tree", "$defs": { "tree": { "type": "object", "properties": { "name": { "type": "string", "maxLength": 3 }, "children": { "type": "array", "items": { "$ref": "#/$defs/tree" } } }, "required": ["name", "children"] } } }""")]
    [TestCase("""{ "type": "object", "properties": { "at": { "type": "string", "format": "date-time" }, "who": { "type": "string", "format": "email" } }, "required": ["at", "more"] }""")]
    [TestCase("""{ "type": "object", "properties": { "self": { "$ref": "#" } } }""")]
    [TestCase("true")]
    [TestCase("{}")]
    public void Fits_the_schema(string schema)
    {
        var json = JsonElement.Parse(schema);
        Assert.That(CompiledSchema.TryCompile(json, out var compiled, out _), Is.True);
        var sample = JsonElement.Parse(SchemaSample.Of(json).ToJsonString());
        Assert.That(compiled!.Validate(sample).Select(problem => problem.Message), Is.Empty, sample.GetRawText());
    }
}
