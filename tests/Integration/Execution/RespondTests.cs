using System.Net;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary><c>respond</c>: a webhook is answered by its run, which goes on.</summary>
[TestFixture]
public sealed class RespondTests
{
    const string Graph = """
        {
          "nodes": [
            { "id": "hi", "skill": "respond", "with": { "status": 201, "headers": { "X-Mark": "{{input.mark}}", "Content-Type": "text/html" }, "body": "<p>{{input.mark}}</p>" } },
            { "id": "hold", "skill": "wait", "with": { "signal": "go" } }
          ],
          "edges": [{ "from": "hi", "to": "hold" }]
        }
        """;

    [TestCase("")]
    [TestCase("?wait=true")]
    public async Task Answers_the_delivery_while_the_run_goes_on(string query)
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Graph);

        using var answer = await hook.Send(tenant.App, hook.Delivery("""{ "mark": "a1" }""", query: query));

        var run = Guid.Parse(answer.Headers.GetValues("X-Run-Id").Single());
        var view = await tenant.Http.Until(run, "waiting");
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(answer.Headers.GetValues("X-Mark"), Is.EqualTo(["a1"]));
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
            Assert.That(answer.Headers.GetValues("Content-Security-Policy"), Is.EqualTo(["sandbox"]));
            Assert.That(view.GetProperty("finished_at").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        });
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("<p>a1</p>"));
    }

    [Test]
    public async Task A_repeated_delivery_gets_the_same_answer()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Graph);
        using var first = await hook.Send(tenant.App, hook.Delivery("""{ "mark": "a1" }"""));
        using var again = await hook.Send(tenant.App, hook.Delivery("""{ "mark": "a1" }"""));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(again.Headers.GetValues("X-Run-Id"), Is.EqualTo(first.Headers.GetValues("X-Run-Id")));
    }

    [Test]
    public async Task Answers_also_when_another_node_executes_the_run()
    {
        await using var cluster = await Cluster.Start(roles: "api");
        await using var worker = await cluster.Join("worker");
        var hook = await Hook.Create(cluster.Http, await cluster.Http.Agent(Graph), cluster.Tenant.Slug);

        using var answer = await hook.Send(cluster.First, hook.Delivery("""{ "mark": "far" }"""));

        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.Created, "<p>far</p>")));
    }

    [Test]
    public async Task A_run_that_ends_without_an_answer_answers_with_its_output()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, """
            {
              "nodes": [{ "id": "a", "skill": "transform", "with": { "x": 1 } }, { "id": "b", "skill": "respond", "with": { "body": { "y": 2 } } }],
              "edges": [{ "from": "a", "to": "b", "when": "input.respond" }],
              "output": "=a"
            }
            """);

        using var silent = await hook.Send(tenant.App, hook.Delivery(id: "one"));
        using var loud = await hook.Send(tenant.App, hook.Delivery("""{ "respond": true }""", id: "two"));

        Assert.That(await silent.Content.ReadAsStringAsync(), Is.EqualTo("""{"x":1}"""));
        Assert.That(await loud.Content.ReadAsStringAsync(), Is.EqualTo("""{"y":2}"""));
    }

    [TestCase("""{ "status": "=input.status" }""")]
    [TestCase("""{ "headers": { "Set-Cookie": "a=b" } }""")]
    [TestCase("""{ "headers": { "X-A": "=input.lines" } }""")]
    [TestCase("""{ "headers": { "Content-Security-Policy": "none" } }""")]
    public async Task Refuses_what_it_must_not_send(string with)
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "r", "skill": "respond", "with": {{with}} }] }""", """{ "input": { "lines": "a\nb", "status": 199 } }""");
        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("invalid_with"), run.GetRawText());
    }
}
