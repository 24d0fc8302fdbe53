using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

[Parallelizable(ParallelScope.All)]
public sealed class ImportTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_pasted_document_becomes_skills_that_call_the_api(bool asJson)
    {
        var tenant = await TestApp.NewTenant();
        await using var api = await HttpRequestServer.Start();
        var yaml = $$"""
            openapi: 3.0.3
            info: { title: Answers }
            servers: [{ url: "{{api.Origin}}" }]
            components:
              securitySchemes:
                key: { type: http, scheme: bearer }
            paths:
              /answer:
                get:
                  operationId: getAnswer
                  summary: Answers as asked.
                  parameters:
                    - { name: type, in: query, required: true, schema: { type: string } }
                    - { name: body, in: query, schema: { type: string } }
              /silence:
                get: { operationId: silence }
            """;
        object document = asJson
            ? new
            {
                openapi = "3.1.0",
                servers = new[] { new { url = api.Origin } },
                components = new { securitySchemes = new { key = new { type = "http", scheme = "bearer" } } },
                paths = new Dictionary<string, object>
                {
                    ["/answer"] = new
                    {
                        get = new
                        {
                            operationId = "getAnswer",
                            parameters = new object[] { new { name = "type", @in = "query", required = true, schema = new { type = "string" } }, new { name = "body", @in = "query", schema = new { type = "string" } } },
                        },
                    },
                },
            }
            : yaml;
        using (var preview = await tenant.Http.PostAsJsonAsync("/v1/integrations/import", new { slug = "answers", document, preview = true }))
        {
            var seen = await preview.Json(200);
            Assert.That(seen.GetProperty("operations")[0].GetProperty("skill").GetString(), Is.EqualTo("answers-get-answer"));
            Assert.That(seen.GetProperty("integration").ValueKind, Is.EqualTo(JsonValueKind.Null));
            using var nothing = await tenant.Http.GetAsync("/v1/integrations/answers");
            await nothing.Json(404);
        }

        using (var imported = await tenant.Http.PostAsJsonAsync("/v1/integrations/import", new { slug = "answers", document, operations = new[] { "getAnswer" } }))
        {
            var made = await imported.Json(201);
            Assert.That(made.GetProperty("auth_type").GetString(), Is.EqualTo("bearer_token"));
            Assert.That(made.GetProperty("operations").GetArrayLength(), Is.EqualTo(1));
        }

        var token = Credentials.Random();
        await tenant.Http.Credential(new { name = "of the api", integration = "answers", secret = new { token } });
        var run = await tenant.Http.RunOnce($$"""
            { "nodes": [{ "id": "ask", "skill": "answers-get-answer", "with": { "type": "text/plain", "body": "{{Convert.ToBase64String("hello"u8)}}" } }], "output": { "said": "=ask.body" } }
            """);
        Assert.That(run.GetProperty("output").GetProperty("said").GetString(), Is.EqualTo("hello"), run.GetRawText());
        Assert.That(api.Seen.Single().Headers["authorization"], Is.EqualTo($"Bearer {token}"));

        using var again = await tenant.Http.PostAsJsonAsync("/v1/integrations/import", new { slug = "answers", document, operations = new[] { "getAnswer" } });
        await again.Problem(409, "slug_taken");
    }

    [TestCase("""{ "slug": "x", "document": "openapi: [", "operations": [] }""", "/document")]
    [TestCase("""{ "slug": "x", "document": "&a [*a]", "operations": [] }""", "/document")]
    [TestCase("""{ "slug": "x", "document": 5, "operations": [] }""", "/document")]
    [TestCase("""{ "slug": "x", "document": { "openapi": "3.1.0", "servers": [{ "url": "https://a.example" }], "paths": {} }, "operations": ["none"] }""", "/operations/0")]
    [TestCase("""{ "slug": "x", "document": { "openapi": "3.1.0", "servers": [{ "url": "https://a.example" }], "paths": {} }, "operations": [null] }""", "/operations/0")]
    [TestCase("""{ "slug": "x", "document": { "openapi": "3.1.0", "servers": [{ "url": "https://a.example" }], "paths": {} }, "operations": [], "base_url": "nowhere" }""", "/base_url")]
    [TestCase("""{ "slug": "x", "document": { "openapi": "3.1.0", "servers": [{ "url": "https://a.example" }], "paths": { "/a": { "get": { "operationId": "a b" }, "put": { "operationId": "a-b" } } } }, "operations": ["a b", "a-b"] }""", "/operations")]
    public async Task Says_what_is_wrong_with_a_document(string body, string pointer)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync("/v1/integrations/import", Runs.Json(body));
        var problem = await answer.Json(422);
        Assert.That(problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()), Has.Member(pointer));
    }

    [Test]
    public async Task Needs_the_right_to_make_skills_and_stores_all_or_nothing()
    {
        var tenant = await TestApp.NewTenant();
        using var http = await tenant.ApiKey("credentials:*");
        var document = new { openapi = "3.1.0", servers = new[] { new { url = "https://a.example" } }, paths = new Dictionary<string, object> { ["/a"] = new { get = new { operationId = "a" } } } };
        using var refused = await http.PostAsJsonAsync("/v1/integrations/import", new { slug = "halved", document, operations = new[] { "a" } });
        await refused.Problem(403, "forbidden");
        using var nothing = await tenant.Http.GetAsync("/v1/integrations/halved");
        await nothing.Json(404);
    }
}
