using System.Text.Json;
using AgentPlatform.Domain.Integrations.OpenApi;
using AgentPlatform.Domain.Shared.Http;

namespace AgentPlatform.Unit.Integrations;

public sealed class OpenApiDocumentTests
{
    const string Pets = """
        {
          "openapi": "3.0.3", "info": { "title": "Pets" },
          "servers": [{ "url": "https://{region}.pets.example/v1/", "variables": { "region": { "default": "eu" } } }],
          "components": {
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Pets" } },
            "parameters": { "Page": { "name": "page", "in": "query", "description": "From 1 on.", "schema": { "type": "integer", "minimum": 0, "exclusiveMinimum": true } } },
            "schemas": {
              "Pet": { "type": "object", "required": ["name"], "example": {}, "properties": { "name": { "type": "string", "nullable": true }, "mother": { "$ref": "#/components/schemas/Pet" } } }
            }
          },
          "paths": {
            "/pets/{id}": {
              "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
              "get": { "operationId": "getPet", "summary": "One pet.", "parameters": [{ "$ref": "#/components/parameters/Page" }, { "name": "id", "in": "query", "schema": {} }, { "name": "Authorization", "in": "header" }, { "name": "c", "in": "cookie" }] },
              "put": { "requestBody": { "required": true, "content": { "application/json; charset=utf-8": { "schema": { "$ref": "#/components/schemas/Pet" } } } } },
              "post": { "operationId": "photo", "requestBody": { "required": true, "content": { "multipart/form-data": {} } } },
              "delete": { "operationId": "away", "parameters": [{ "name": "s", "in": "cookie", "required": true }] },
              "patch": { "operationId": "formed", "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" }, "id": {} } } } } } }
            }
          }
        }
        """;

    [Test]
    public void Reads_operations_with_their_arguments()
    {
        var api = Read(Pets);
        Assert.That((api.Title, api.AuthType), Is.EqualTo(("Pets", "api_key")));
        Assert.That(api.Spec.GetRawText(), Is.EqualTo("""{"header":"X-Pets","prefix":"","hosts":["eu.pets.example"],"base_url":"https://eu.pets.example/v1/"}"""));
        Assert.That(api.Operations.Select(o => (o.Id, o.Problem is null)), Is.EquivalentTo(new[] { ("getPet", true), ("PUT /pets/{id}", true), ("photo", false), ("away", false), ("formed", true) }));

        var get = api.Operations.Single(o => o.Id == "getPet");
        Assert.That(get.InputSchema.GetProperty("properties").GetRawText(), Is.EqualTo("""{"id":{"type":"string"},"page":{"type":"integer","minimum":0,"exclusiveMinimum":0,"description":"From 1 on."},"query_id":{}}"""));
        Assert.That(get.InputSchema.GetProperty("required").GetRawText(), Is.EqualTo("""["id"]"""));
        Assert.That(Request(get, """{ "id": "a/b", "page": 2, "query_id": "q" }""").GetProperty("url").GetString(), Is.EqualTo("https://eu.pets.example/v1/pets/a%2Fb"));

        var put = api.Operations.Single(o => o.Method == "PUT");
        Assert.That(put.InputSchema.GetProperty("properties").GetProperty("body").GetRawText(), Is.EqualTo("""{"type":"object","required":["name"],"properties":{"name":{"type":["string","null"]},"mother":{}}}"""), "a circle ends");
        Assert.That(Request(put, """{ "id": "1", "body": { "name": "Rex" } }""").GetProperty("body").GetString(), Is.EqualTo("""{"name":"Rex"}"""));

        var form = api.Operations.Single(o => o.Id == "formed");
        Assert.That(Request(form, """{ "id": "1", "a": "x y", "form_id": "2" }""").GetProperty("body").GetString(), Is.EqualTo("a=x%20y&id=2"));
    }

    [TestCase("""{}""", "/document/openapi")]
    [TestCase("""[]""", "/document/openapi")]
    [TestCase("""{ "openapi": "2.0" }""", "/document/openapi")]
    [TestCase("""{ "swagger": "2.0" }""", "/document/openapi")]
    [TestCase("""{ "openapi": "3.1.0" }""", "/document/servers")]
    [TestCase("""{ "openapi": "3.1.0", "servers": [{ "url": "/v1" }] }""", "/document/servers")]
    [TestCase("""{ "openapi": "3.1.0", "servers": [{ "url": "file:///etc" }] }""", "/document/servers")]
    [TestCase("""{ "openapi": "3.1.0", "servers": [{ "url": "https://u:p@a.example" }] }""", "/document/servers")]
    [TestCase("""{ "openapi": "3.1.0", "servers": [{ "url": "https://a.example" }], "paths": { "/a": { "get": { "operationId": "x" }, "put": { "operationId": "x" } } } }""", "/document/paths")]
    public void Refuses_what_is_no_document(string text, string pointer)
    {
        using var document = JsonDocument.Parse(text);
        Assert.That(OpenApiDocument.TryRead(document.RootElement, null, out _).Select(fault => fault.Pointer), Is.EqualTo([pointer]));
    }

    [Test]
    public void Reads_nothing_from_elsewhere_and_does_not_grow_without_bound()
    {
        // Each schema names the next one ten times: in place that would be 10^15 of them.
        var schemas = string.Join(',', Enumerable.Range(0, 15).Select(i => $"\"s{i}\": {{ \"properties\": {{ {string.Join(',', Enumerable.Range(0, 10).Select(k => $"\"p{k}\": {{ \"$ref\": \"#/components/schemas/s{i + 1}\" }}"))} }} }}"));
        var api = Read($$"""
            { "openapi": "3.1.0", "servers": [{ "url": "http://127.0.0.1:8080" }], "components": { "schemas": { {{schemas}} } },
              "paths": {
                "/bomb": { "post": { "operationId": "bomb", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/s0" } } } } } },
                "/away": { "$ref": "https://evil.example/paths.json" },
                "/file": { "post": { "operationId": "file", "requestBody": { "content": { "application/json": { "schema": { "$ref": "file:///etc/passwd" } } } } } },
                "/loop": { "get": { "operationId": "loop", "parameters": [{ "$ref": "#/paths/~1loop/get/parameters/0" }] } } } }
            """);
        Assert.That(api.Operations.Select(o => o.Id), Is.EquivalentTo(["bomb", "file", "loop"]));
        Assert.That(api.Operations.Single(o => o.Id == "bomb").InputSchema.GetRawText(), Has.Length.LessThan(2_000_000));
        Assert.That(api.Operations.Single(o => o.Id == "file").InputSchema.GetProperty("properties").GetRawText(), Is.EqualTo("""{"body":{}}"""));
    }

    static OpenApiDocument Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        Assert.That(OpenApiDocument.TryRead(document.RootElement.Clone(), null, out var api), Is.Empty);
        return api!;
    }

    static JsonElement Request(OpenApiOperation operation, string arguments)
    {
        Assert.That(HttpOperation.TryRead(operation.Operation, "", out var read), Is.Empty);
        using var given = JsonDocument.Parse(arguments);
        var (request, problem) = read!.Build(given.RootElement);
        Assert.That(problem, Is.Null);
        return request;
    }
}
