using System.Text.Json;
using AgentPlatform.Domain.Shared.Http;

namespace AgentPlatform.Unit.Shared.Http;

public sealed class HttpOperationTests
{
    const string Described = """
        { "method": "POST", "url": "https://{site}.example.net/v1/{owner}/files/{path}", "headers": { "Accept": "text/plain" }, "body": "json",
          "parameters": [
            { "name": "site", "in": "path" }, { "name": "owner", "in": "path" }, { "name": "path", "in": "path", "reserved": true },
            { "name": "page", "in": "query" }, { "name": "trace", "in": "header", "as": "X-Trace" }, { "name": "title", "in": "body" }, { "name": "tags", "in": "body" }] }
        """;

    [Test]
    public void Puts_each_argument_where_it_belongs()
    {
        var (request, problem) = Build(Described, """{ "site": "ours", "owner": "a b/c", "path": "docs/read me.md", "page": [1, 2], "trace": "t", "title": "T", "tags": null }""");
        Assert.That(problem, Is.Null);
        Assert.That(request.GetProperty("method").GetString(), Is.EqualTo("POST"));
        Assert.That(request.GetProperty("url").GetString(), Is.EqualTo("https://ours.example.net/v1/a%20b%2Fc/files/docs/read%20me.md"));
        Assert.That(request.GetProperty("query").GetRawText(), Is.EqualTo("""{"page":[1,2]}"""));
        Assert.That(request.GetProperty("headers").GetProperty("X-Trace").GetString(), Is.EqualTo("t"));
        Assert.That(request.GetProperty("headers").GetProperty("Accept").GetString(), Is.EqualTo("text/plain"));
        Assert.That(request.GetProperty("body").GetString(), Is.EqualTo("""{"title":"T"}"""));
    }

    [TestCase("evil.example/", "a", "b")]
    [TestCase("evil.example#", "a", "b")]
    [TestCase("a.b", "a", "b")]
    [TestCase("a@b", "a", "b")]
    [TestCase("ours", "..", "b")]
    [TestCase("ours", ".", "b")]
    [TestCase("ours", "", "b")]
    [TestCase("ours", "a", "../b")]
    [TestCase("ours", "a", "x/../../b")]
    [TestCase("ours", "a", "x//b")]
    public void Nothing_climbs_out_of_its_place(string site, string owner, string path) =>
        Assert.That(Build(Described, JsonSerializer.Serialize(new { site, owner, path })).Problem, Is.Not.Null);

    [Test]
    public void A_missing_part_of_the_path_is_named() => Assert.That(Build(Described, """{ "site": "ours", "path": "b" }""").Problem, Does.Contain("owner"));

    [Test]
    public void A_form_is_encoded()
    {
        var (request, _) = Build(
            """{ "method": "POST", "url": "https://a.example/", "body": "form", "parameters": [{ "name": "To", "in": "body" }, { "name": "n", "in": "body" }] }""", """{ "To": "+49 1&2", "n": 5 }""");
        Assert.That(request.GetProperty("body").GetString(), Is.EqualTo("To=%2B49%201%262&n=5"));
        Assert.That(request.GetProperty("headers").GetProperty("Content-Type").GetString(), Is.EqualTo("application/x-www-form-urlencoded"));
    }

    [TestCase("""[]""", "/o")]
    [TestCase("""{ "url": "ftp://a.example" }""", "/o/url")]
    [TestCase("""{ "url": "https://u:p@a.example" }""", "/o/url")]
    [TestCase("""{ "url": "https://a.example/{x}" }""", "/o/url")]
    [TestCase("""{ "url": "https://a.example", "method": "CONNECT" }""", "/o/method")]
    [TestCase("""{ "url": "https://a.example", "body": "xml" }""", "/o/body")]
    [TestCase("""{ "url": "https://a.example", "parameters": [{ "name": "a", "in": "cookie" }] }""", "/o/parameters/0")]
    [TestCase("""{ "url": "https://a.example", "parameters": [{ "name": "a", "in": "body" }] }""", "/o/parameters/0")]
    [TestCase("""{ "url": "https://a.example", "secret": "s" }""", "/o/secret")]
    public void Refuses_what_is_no_operation(string text, string pointer)
    {
        using var document = JsonDocument.Parse(text);
        Assert.That(HttpOperation.TryRead(document.RootElement, "/o", out var operation).Select(fault => fault.Pointer), Has.Member(pointer));
        Assert.That(operation, Is.Null);
    }

    static (JsonElement Request, string? Problem) Build(string described, string arguments)
    {
        using var document = JsonDocument.Parse(described);
        Assert.That(HttpOperation.TryRead(document.RootElement, "", out var operation), Is.Empty);
        using var given = JsonDocument.Parse(arguments);
        return operation!.Build(given.RootElement);
    }
}
