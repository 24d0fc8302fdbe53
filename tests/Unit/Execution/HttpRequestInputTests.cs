using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Skills;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution;

public sealed class HttpRequestInputTests
{
    [Test]
    public void Reads_the_smallest_call_with_its_defaults()
    {
        var input = Read("""{"url":"https://example.com/"}""");

        Assert.Multiple(() =>
        {
            Assert.That(input.Method, Is.EqualTo("GET"));
            Assert.That(input.Url, Is.EqualTo("https://example.com/"));
            Assert.That(input.Timeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(input.MaxResponseBytes, Is.EqualTo(5 * 1024 * 1024));
            Assert.That(input.FollowRedirects, Is.EqualTo(5));
            Assert.That(input.Body, Is.Null);
        });
    }

    [Test]
    public void Reads_a_call_with_everything()
    {
        var input = Read("""
            {"method":"PUT","url":"https://example.com/","query":{"a":"b c","n":7,"ok":true,"none":null,"many":[1,"x"]},"headers":{"X-One":"1","X-Two":2},
             "body":{"k":[1,2]},"timeout":"250ms","response":"base64","follow_redirects":false,"max_response_bytes":10,"expect_status":[404,"5xx"]}
            """);

        Assert.Multiple(() =>
        {
            Assert.That(input.Query.Select(p => p.Key + "=" + p.Value), Is.EqualTo(new[] { "a=b c", "n=7", "ok=true", "many=1", "many=x" }));
            Assert.That(input.Headers.Select(p => p.Key + "=" + p.Value), Is.EqualTo(new[] { "X-One=1", "X-Two=2" }));
            Assert.That(Encoding.UTF8.GetString(input.Body!.Value.Span), Is.EqualTo("""{"k":[1,2]}"""));
            Assert.That(input.BodyType, Is.EqualTo("application/json"));
            Assert.That(input.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
            Assert.That(input.Response, Is.EqualTo(ResponseFormat.Base64));
            Assert.That(input.FollowRedirects, Is.Zero);
            Assert.That(input.MaxResponseBytes, Is.EqualTo(10));
            Assert.That(input.ExpectStatus, Does.Contain(404).And.Contain(500).And.Contain(599).And.Not.Contain(403));
        });
    }

    [TestCase("""{"url":"http://a/","body":"tëxt"}""", "text/plain; charset=utf-8", "tëxt")]
    [TestCase("""{"url":"http://a/","body":7}""", "application/json", "7")]
    [TestCase("""{"url":"http://a/","body_base64":"AGE="}""", "application/octet-stream", "\0a")]
    public void Takes_a_body_as_text_JSON_or_bytes(string with, string type, string body)
    {
        var input = Read(with);

        Assert.That((input.BodyType, Encoding.UTF8.GetString(input.Body!.Value.Span)), Is.EqualTo((type, body)));
    }

    [TestCase("""[]""", "", "wrong_type")]
    [TestCase("""{}""", "/url", "required")]
    [TestCase("""{"url":null}""", "/url", "invalid_text")]
    [TestCase("""{"url":""}""", "/url", "invalid_text")]
    [TestCase("""{"url":7}""", "/url", "invalid_text")]
    [TestCase("""{"url":"http://a/","method":"get"}""", "/method", "invalid_value")]
    [TestCase("""{"url":"http://a/","method":"TRACE"}""", "/method", "invalid_value")]
    [TestCase("""{"url":"http://a/","method":"GET / HTTP/1.1\r\nX: y"}""", "/method", "invalid_value")]
    [TestCase("""{"url":"http://a/","a/b~c":1}""", "/a~1b~0c", "unknown_property")]
    [TestCase("""{"url":"http://a/","headers":[]}""", "/headers", "wrong_type")]
    [TestCase("""{"url":"http://a/","headers":{"X":{}}}""", "/headers/X", "wrong_type")]
    [TestCase("""{"url":"http://a/","headers":{"X y":"1"}}""", "/headers/X y", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X:":"1"}}""", "/headers/X:", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"":"1"}}""", "/headers/", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X\r\nY":"1"}}""", "/headers/X\r\nY", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X":"1\r\nY: 2"}}""", "/headers/X", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X":"1\nY: 2"}}""", "/headers/X", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X":"1\u007f"}}""", "/headers/X", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X":"ä"}}""", "/headers/X", "invalid_header")]
    [TestCase("""{"url":"http://a/","headers":{"X":"1\u0000"}}""", "", "invalid_text")]
    [TestCase("""{"url":"http://a/","headers":{"Host":"b"}}""", "/headers/Host", "header_not_allowed")]
    [TestCase("""{"url":"http://a/","headers":{"content-LENGTH":1}}""", "/headers/content-LENGTH", "header_not_allowed")]
    [TestCase("""{"url":"http://a/","headers":{"Transfer-Encoding":"chunked"}}""", "/headers/Transfer-Encoding", "header_not_allowed")]
    [TestCase("""{"url":"http://a/","headers":{"Connection":"x"}}""", "/headers/Connection", "header_not_allowed")]
    [TestCase("""{"url":"http://a/","headers":{"Proxy-Authorization":"x"}}""", "/headers/Proxy-Authorization", "header_not_allowed")]
    [TestCase("""{"url":"http://a/","headers":{"X":"1","x":"2"}}""", "/headers/x", "duplicate_header")]
    [TestCase("""{"url":"http://a/","query":"a=b"}""", "/query", "wrong_type")]
    [TestCase("""{"url":"http://a/","query":{"a":[[1]]}}""", "/query/a/0", "wrong_type")]
    [TestCase("""{"url":"http://a/","body":1,"body_base64":"AA=="}""", "/body_base64", "two_bodies")]
    [TestCase("""{"url":"http://a/","body_base64":"not base64!"}""", "/body_base64", "invalid_base64")]
    [TestCase("""{"url":"http://a/","timeout":"0s"}""", "/timeout", "invalid_duration")]
    [TestCase("""{"url":"http://a/","timeout":"-1s"}""", "/timeout", "invalid_duration")]
    [TestCase("""{"url":"http://a/","timeout":"301s"}""", "/timeout", "invalid_duration")]
    [TestCase("""{"url":"http://a/","timeout":"10"}""", "/timeout", "invalid_duration")]
    [TestCase("""{"url":"http://a/","timeout":"99999999999m"}""", "/timeout", "invalid_duration")]
    [TestCase("""{"url":"http://a/","response":"xml"}""", "/response", "invalid_value")]
    [TestCase("""{"url":"http://a/","follow_redirects":6}""", "/follow_redirects", "out_of_range")]
    [TestCase("""{"url":"http://a/","max_response_bytes":0}""", "/max_response_bytes", "out_of_range")]
    [TestCase("""{"url":"http://a/","max_response_bytes":5242881}""", "/max_response_bytes", "out_of_range")]
    [TestCase("""{"url":"http://a/","expect_status":[200,600]}""", "/expect_status/1", "invalid_status")]
    [TestCase("""{"url":"http://a/","expect_status":"3xx"}""", "/expect_status", "invalid_status")]
    [TestCase("""{"url":"http://a/","body":"\ud800"}""", "", "invalid_text")]
    [TestCase("""{"url":"http://a/","body":1e999}""", "", "invalid_text")]
    public void Refuses_with_the_place_and_the_code(string with, string place, string code)
    {
        var (input, problems) = TryRead(with);

        Assert.That(input, Is.Null);
        Assert.That(problems.Select(p => (p.Pointer, p.Code)), Is.EqualTo(new[] { (place, code) }));
    }

    [Test]
    public void Reports_every_problem_at_once()
    {
        var (_, problems) = TryRead("""{"method":"X","timeout":7,"response":7,"foo":1}""");

        Assert.That(problems.Select(p => p.Pointer), Is.EquivalentTo(new[] { "/method", "/timeout", "/response", "/foo", "/url" }));
    }

    [Test]
    public void Keeps_the_limits_to_the_header()
    {
        static string With(int count, int length) => JsonSerializer.Serialize(new
        {
            url = "http://a/",
            headers = Enumerable.Range(0, count).ToDictionary(i => "X-" + i, _ => new string('v', length)),
        });

        Assert.That(TryRead(With(64, 8_192)).Problems, Is.Empty);
        Assert.That(TryRead(With(65, 1)).Problems.Single().Code, Is.EqualTo("too_many_headers"));
        Assert.That(TryRead(With(1, 8_193)).Problems.Single().Code, Is.EqualTo("invalid_header"));
    }

    [Test]
    public void Publishes_a_schema_of_exactly_what_it_reads()
    {
        using var schema = JsonDocument.Parse(HttpRequestSchema.Json);
        var properties = schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToArray();

        Assert.That(schema.RootElement.GetProperty("additionalProperties").GetBoolean(), Is.False);
        Assert.That(properties, Has.Length.EqualTo(11));
        foreach (var property in properties)
        {
            var (_, problems) = TryRead($$"""{"url":"http://a/","{{property}}":{"nothing":{"takes":"this"} } }""");
            Assert.That(problems.Select(p => p.Code), Has.None.EqualTo("unknown_property"), property);
        }
    }

    [Test]
    public void Publishes_the_schema_that_the_registry_holds()
    {
        using var migration = typeof(HttpRequestSchema).Assembly.GetManifestResourceStream("db/migrations/agents/0004_platform_skills.sql")!;
        using var reader = new StreamReader(migration);
        var registered = reader.ReadToEnd().Split("$json$").Single(part => part.Contains("\"title\": \"http_request\"", StringComparison.Ordinal));

        using var expected = JsonDocument.Parse(HttpRequestSchema.Json);
        using var actual = JsonDocument.Parse(registered);
        Assert.That(JsonElement.DeepEquals(actual.RootElement, expected.RootElement));
    }

    [Test]
    public void Never_throws_whatever_JSON_it_gets()
    {
        string[] names = ["url", "method", "query", "headers", "body", "body_base64", "timeout", "response", "follow_redirects", "max_response_bytes", "expect_status", "x", ""];
        string[] values =
        [
            "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\"http://a/\"", "\"\\u0000\"", "\"\\udc00\"", "\"10s\"", "\"s\"", "\"999999999999999999999s\"",
            "[]", "{}", "[null]", "[[[]]]", "{\"\":{}}", "{\"a\":null}", "{\"\\ud800\":1}", "[\"4xx\",[],{}]",
        ];
        var members = Gen.Elements(names).SelectMany(name => Gen.Elements(values).Select(value => $"\"{name}\":{value}")).ListOf();

        Prop.ForAll(members.ToArbitrary(), list =>
        {
            var (input, problems) = TryRead("{" + string.Join(',', list) + "}");
            return input is null == problems.Count > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    static HttpRequestInput Read(string with)
    {
        var (input, problems) = TryRead(with);
        Assert.That(problems, Is.Empty);
        return input!;
    }

    static (HttpRequestInput? Input, IReadOnlyList<FieldError> Problems) TryRead(string with)
    {
        using var document = JsonDocument.Parse(with);
        Assert.That(HttpRequestInput.TryRead(document.RootElement, out var input, out var problems), Is.EqualTo(problems.Count == 0));
        return (input, problems);
    }
}
