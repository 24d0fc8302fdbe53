using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class GraphToolsTests
{
    [Test]
    public async Task Validates_a_graph_without_storing_it()
    {
        var tenant = await TestApp.NewTenant();
        var good = await tenant.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json(AgentSamples.Fetch) }, 200);
        var bad = await tenant.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json("""{ "nodes": [{ "id": "a", "skill": "transfrom" }, { "id": "a", "skill": "transform", "with": "=b.x" }] }""") }, 200);
        Assert.Multiple(() =>
        {
            Assert.That(good.GetProperty("valid").GetBoolean(), Is.True);
            Assert.That(bad.GetProperty("valid").GetBoolean(), Is.False);
            Assert.That(bad.Faults(), Is.SupersetOf(new[] { ("/graph/nodes/0/skill", "unknown_skill"), ("/graph/nodes/1/id", "duplicate_id") }));
            Assert.That(bad.GetProperty("errors")[0].GetProperty("message").GetString(), Is.Not.Empty);
        });
    }

    [Test]
    public async Task Publishes_the_schema_of_a_graph_to_everybody()
    {
        var app = await TestApp.Shared();
        using var http = app.Anonymous();
        using var answer = await http.GetAsync("/v1/schemas/graph");
        var schema = await answer.Json(200);
        Assert.That(schema.GetProperty("$schema").GetString(), Does.Contain("2020-12"));
    }

    [Test]
    public async Task Previews_expressions_and_templates()
    {
        var tenant = await TestApp.NewTenant();
        var context = new { input = new { names = new[] { "Ada", "Bob" } } };
        var value = await tenant.Http.Post("/v1/expressions/evaluate", new { expression = "=input.names[1]", context }, 200);
        var text = await tenant.Http.Post("/v1/expressions/evaluate", new { template = "Hello {{input.names.[0]}}!", context }, 200);
        Assert.That((value.Text("value"), text.Text("value")), Is.EqualTo(("Bob", "Hello Ada!")));
    }

    [TestCase("input.", "syntax")]
    [TestCase("nothing(input)", "unknown_function")]
    [TestCase("length()", "invalid_arity")]
    [TestCase("length(`5`)", "invalid_type")]
    public async Task Names_the_fault_of_an_expression(string expression, string code)
    {
        var tenant = await TestApp.NewTenant();
        var answer = await tenant.Http.Post("/v1/expressions/evaluate", new { expression, context = new { } }, 200);
        Assert.That((answer.GetProperty("error").Text("code"), answer.GetProperty("value").ValueKind), Is.EqualTo((code, JsonValueKind.Null)));
    }

    [Test]
    public async Task Says_where_an_expression_breaks()
    {
        var tenant = await TestApp.NewTenant();
        var answer = await tenant.Http.Post("/v1/expressions/evaluate", new { expression = "=a..b" }, 200);
        Assert.That(answer.GetProperty("error").GetProperty("position").GetInt32(), Is.EqualTo(3));
        using var both = await tenant.Http.PostAsJsonAsync("/v1/expressions/evaluate", new { expression = "a", template = "b" });
        Assert.That((await both.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/template", "not_allowed") }));
    }

    [Test]
    public async Task Checks_values_against_schemas()
    {
        var tenant = await TestApp.NewTenant();
        var schema = new { type = "object", required = new[] { "a" }, properties = new { a = new { type = "integer" } } };
        var good = await tenant.Http.Post("/v1/schemas/validate", new { schema, instance = new { a = 1 } }, 200);
        var bad = await tenant.Http.Post("/v1/schemas/validate", new { schema, instance = new { a = "1" } }, 200);
        using var none = await tenant.Http.PostAsJsonAsync("/v1/schemas/validate", new { schema = new { type = 5 }, instance = 1 });
        Assert.That(good.GetProperty("valid").GetBoolean(), Is.True);
        Assert.That(bad.Faults(), Is.EqualTo(new[] { ("/a", "type") }));
        Assert.That((await none.Problem(422, "invalid")).Faults().Select(f => f.Code), Has.All.EqualTo("invalid_schema"));
    }
}
