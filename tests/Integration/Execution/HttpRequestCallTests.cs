using System.Net;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Integration.Execution;

public sealed class HttpRequestCallTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Sends_the_method_the_query_the_headers_and_the_body()
    {
        await using var server = await HttpRequestServer.Start();

        var result = await Send(new HttpRequestInput
        {
            Method = "PATCH",
            Url = server.Origin + "/answer?a=1#part",
            Query = [new("b", "x y&z"), new("b", "ä")],
            Headers = [new("X-Custom", "one"), new("Content-Type", "application/vnd.x+json")],
            Body = Encoding.UTF8.GetBytes("{}"),
            BodyType = "application/json",
            IdempotencyKey = "run/node/0",
        });

        var (line, headers) = server.Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Is.Null);
            Assert.That(line, Is.EqualTo("PATCH /answer?a=1&b=x%20y%26z&b=%C3%A4 {}"));
            Assert.That(headers["x-custom"], Is.EqualTo("one"));
            Assert.That(headers["content-type"], Is.EqualTo("application/vnd.x+json"));
            Assert.That(headers["idempotency-key"], Is.EqualTo("run/node/0"));
            Assert.That(headers["user-agent"], Is.EqualTo("AgentPlatform"));
            Assert.That(headers, Does.Not.ContainKey("traceparent").And.Not.ContainKey("cookie"));
            Assert.That(result.Output!.Url, Is.EqualTo(server.Origin + "/answer?a=1&b=x%20y%26z&b=%C3%A4"));
        });
    }

    [TestCase("GET", null, null)]
    [TestCase("POST", null, "run/node/0")]
    [TestCase("DELETE", "mine", "mine")]
    public async Task Sends_an_idempotency_key_with_unsafe_methods_unless_the_author_did(string method, string? own, string? expected)
    {
        await using var server = await HttpRequestServer.Start();

        await Send(new HttpRequestInput
        {
            Method = method,
            Url = server.Origin + "/answer",
            Headers = own is null ? [] : [new("idempotency-key", own)],
            IdempotencyKey = "run/node/0",
        });

        Assert.That(server.Seen.Single().Headers.GetValueOrDefault("idempotency-key"), Is.EqualTo(expected));
    }

    [TestCase("application/json", """{"a":[1,"ä"]}""", "json", """{"a":[1,"ä"]}""")]
    [TestCase("application/problem+json; charset=utf-8", "7", "json", "7")]
    [TestCase("application/json", "\uFEFF{}", "json", "{}")]
    [TestCase("application/json", "{broken", "text", "\"{broken\"")]
    [TestCase("application/json", """{"a":1,"a":2}""", "text", "\"{\\u0022a\\u0022:1,\\u0022a\\u0022:2}\"")]
    [TestCase("application/json", "[\"\\u0000\"]", "text", "\"[\\u0022\\\\u0000\\u0022]\"")]
    [TestCase("application/json", "[\"\\ud800\"]", "text", "\"[\\u0022\\\\ud800\\u0022]\"")]
    [TestCase("application/json", "[1e999]", "text", "\"[1e999]\"")]
    [TestCase("text/plain", "plain", "text", "\"plain\"")]
    [TestCase(null, "no type", "text", "\"no type\"")]
    [TestCase("text/plain", "a\0b", "base64", "\"YQBi\"")]
    [TestCase("text/plain; charset=made-up", "a", "base64", "\"YQ==\"")]
    [TestCase("image/png", "png", "base64", "\"cG5n\"")]
    [TestCase("application/json", "", "none", "null")]
    public async Task Gives_the_body_in_the_form_that_its_type_and_its_bytes_allow(string? type, string body, string format, string expected)
    {
        await using var server = await HttpRequestServer.Start();

        var output = (await Send(new HttpRequestInput { Url = Answer(server, type, body) })).Output!.ToJson();

        Assert.That(output.GetProperty("body_format").GetString(), Is.EqualTo(format));
        Assert.That(JsonElement.DeepEquals(output.GetProperty("body"), JsonDocument.Parse(expected).RootElement), output.ToString());
        Assert.That(output.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "status", "headers", "body", "body_format", "url", "duration_ms", "redirects" }));
    }

    [Test]
    public async Task Gives_the_body_as_the_author_asked()
    {
        await using var server = await HttpRequestServer.Start();
        var deep = new string('[', 33) + new string(']', 33);

        var text = await Send(new HttpRequestInput { Url = Answer(server, "application/json", "{}"), Response = ResponseFormat.Text });
        var base64 = await Send(new HttpRequestInput { Url = Answer(server, "text/plain", "a"), Response = ResponseFormat.Base64 });
        var json = await Send(new HttpRequestInput { Url = Answer(server, "text/html", "{}"), Response = ResponseFormat.Json });
        var none = await Send(new HttpRequestInput { Url = Answer(server, "application/json", deep), Response = ResponseFormat.Json });

        Assert.Multiple(() =>
        {
            Assert.That(text.Output!.Body.Format, Is.EqualTo("text"));
            Assert.That(base64.Output!.Body.Format, Is.EqualTo("base64"));
            Assert.That(json.Output!.Body.Format, Is.EqualTo("json"));
            Assert.That(none.Error, Has.Property("Code").EqualTo("invalid_json").And.Property("Class").EqualTo(SkillErrorClass.InvalidResponse));
        });
    }

    [TestCase(400, "4xx", false)]
    [TestCase(404, "4xx", false)]
    [TestCase(408, "4xx", true)]
    [TestCase(429, "429", true)]
    [TestCase(500, "5xx", true)]
    [TestCase(501, "5xx", false)]
    [TestCase(503, "5xx", true)]
    public async Task Makes_an_error_of_a_status_from_400_on(int status, string @class, bool retryable)
    {
        await using var server = await HttpRequestServer.Start();
        var url = Answer(server, "text/plain", new string('x', 5_000)) + "&status=" + status;

        var error = (await Send(new HttpRequestInput { Url = url })).Error!;
        var expected = await Send(new HttpRequestInput { Url = url, ExpectStatus = new HashSet<int> { status } });

        Assert.Multiple(() =>
        {
            Assert.That((error.Code, error.Class, error.Retryable), Is.EqualTo(("http_status", @class, retryable)));
            Assert.That(error.Detail!.Value.GetProperty("status").GetInt32(), Is.EqualTo(status));
            Assert.That(error.Detail!.Value.GetProperty("body").GetString(), Has.Length.EqualTo(2_048));
            Assert.That(expected.Output!.Status, Is.EqualTo(status));
        });
    }

    [TestCase("120", 120)]
    [TestCase("0", 0)]
    [TestCase("999999999", 3_600)]
    [TestCase("Thu, 01 Jan 2026 12:01:00 GMT", 60)]
    [TestCase("Thu, 01 Jan 1998 12:01:00 GMT", 0)]
    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT", 3_600)]
    [TestCase("-1", null)]
    [TestCase("NaN", null)]
    [TestCase("99999999999999999999", null)]
    public async Task Takes_the_peers_wish_for_the_next_attempt_within_bounds(string after, int? seconds)
    {
        await using var server = await HttpRequestServer.Start();

        var error = (await Send(new HttpRequestInput { Url = $"{server.Origin}/retry?status=429&after={Uri.EscapeDataString(after)}" })).Error!;

        Assert.That(error.RetryAfter, Is.EqualTo(seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null));
    }

    [TestCase(301, "POST", "GET /answer", false)]
    [TestCase(302, "POST", "GET /answer", false)]
    [TestCase(302, "PUT", "PUT /answer body", true)]
    [TestCase(303, "PUT", "GET /answer", false)]
    [TestCase(303, "HEAD", "HEAD /answer", false)]
    [TestCase(307, "POST", "POST /answer body", true)]
    [TestCase(308, "DELETE", "DELETE /answer body", true)]
    public async Task Follows_redirects_as_browsers_do(int status, string method, string second, bool withKey)
    {
        await using var server = await HttpRequestServer.Start();

        var result = await Send(new HttpRequestInput
        {
            Method = method,
            Url = $"{server.Origin}/redirect/{status}?to=/answer",
            Body = method == "HEAD" ? (ReadOnlyMemory<byte>?)null : "body"u8.ToArray(),
            BodyType = "text/plain",
            Headers = [new("Authorization", "Bearer x")],
            IdempotencyKey = "k",
        });

        var (line, headers) = server.Seen.Last();
        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Has.Property("Redirects").EqualTo(1).And.Property("Url").EqualTo(server.Origin + "/answer"));
            Assert.That(line, Is.EqualTo(second));
            Assert.That(headers.ContainsKey("authorization"), "the origin is the same");
            Assert.That(headers.ContainsKey("idempotency-key"), Is.EqualTo(withKey));
            Assert.That(headers.ContainsKey("content-type"), Is.EqualTo(withKey));
        });
    }

    [Test]
    public async Task Takes_no_credential_to_another_origin_and_none_back()
    {
        await using var first = await HttpRequestServer.Start();
        await using var second = await HttpRequestServer.Start();
        var back = $"{second.Origin}/redirect/307?to={Uri.EscapeDataString(first.Origin + "/answer")}";

        var result = await Send(new HttpRequestInput
        {
            Method = "POST",
            Url = $"{first.Origin}/redirect/307?to={Uri.EscapeDataString(back)}",
            Body = "body"u8.ToArray(),
            BodyType = "text/plain",
            Headers = [new("Authorization", "Bearer a"), new("Cookie", "c"), new("X-Api-Key", "k"), new("PRIVATE-TOKEN", "p"), new("Accept", "text/x")],
            CredentialHeaders = [new("X-Made-Up-Header", "secret"), new("authorization", "Bearer from-credential")],
        });

        Assert.That(result.Output?.Redirects, Is.EqualTo(2));
        Assert.That(first.Seen.First().Headers["authorization"], Is.EqualTo("Bearer from-credential"));
        Assert.That(first.Seen.First().Headers.Keys, Is.SupersetOf(new[] { "cookie", "x-api-key", "private-token", "x-made-up-header" }));
        foreach (var (_, headers) in new[] { second.Seen.Single(), first.Seen.Last() })
        {
            Assert.That(headers.Keys.Intersect(["authorization", "cookie", "x-api-key", "private-token", "x-made-up-header"]), Is.Empty);
            Assert.That(headers["accept"], Is.EqualTo("text/x"));
        }
    }

    [Test]
    public async Task Stops_after_five_redirects_and_follows_none_when_told()
    {
        await using var server = await HttpRequestServer.Start();

        var five = await Send(new HttpRequestInput { Url = server.Origin + "/again/5" });
        var six = await Send(new HttpRequestInput { Url = server.Origin + "/again/6" });
        var none = await Send(new HttpRequestInput { Url = server.Origin + "/again/1", FollowRedirects = 0 });

        Assert.That(five.Output?.Redirects, Is.EqualTo(5));
        Assert.That(six.Error, Has.Property("Code").EqualTo("too_many_redirects").And.Property("Class").EqualTo("limit").And.Property("Retryable").False);
        Assert.That(none.Output, Has.Property("Status").EqualTo(302));
        Assert.That(none.Output!.Headers["location"], Is.EqualTo("/again/0"));
    }

    [TestCase("http://10.0.0.1/", "address_not_allowed")]
    [TestCase("//10.0.0.1/", "address_not_allowed")]
    [TestCase("http://169.254.169.254/latest/meta-data/", "address_not_allowed")]
    [TestCase("http://localhost.:80/", "address_not_allowed")]
    [TestCase("http://[::ffff:127.0.0.1]/", "address_not_allowed")]
    [TestCase("file:///etc/passwd", "scheme_not_allowed")]
    [TestCase("gopher://127.0.0.1/", "scheme_not_allowed")]
    [TestCase("http://user:pass@127.0.0.1/", "userinfo_not_allowed")]
    [TestCase("http://10.0.0.1:25/", "port_not_allowed")]
    [TestCase("/a b", "invalid_url")]
    public async Task Checks_every_hop(string to, string code)
    {
        await using var server = await HttpRequestServer.Start();

        // Only 127.0.0.1 is open; "localhost." resolves to ::1 in this test.
        var result = await Send(new HttpRequestInput { Url = $"{server.Origin}/redirect/302?to={Uri.EscapeDataString(to)}" });

        Assert.That(result.Error, Has.Property("Code").EqualTo(code).And.Property("Retryable").False);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Cuts_a_compression_bomb_at_the_limit(string encoding)
    {
        await using var server = await HttpRequestServer.Start();

        var result = await Send(new HttpRequestInput { Url = $"{server.Origin}/bomb/{encoding}" });

        Assert.That(result.Error, Has.Property("Code").EqualTo("response_too_large").And.Property("Class").EqualTo("limit"));
    }

    [Test]
    public async Task Holds_the_size_limit_to_the_byte()
    {
        await using var server = await HttpRequestServer.Start();
        var url = Answer(server, "text/plain", new string('x', 100));

        Assert.That((await Send(new HttpRequestInput { Url = url, MaxResponseBytes = 100 })).Output?.Status, Is.EqualTo(200));
        Assert.That((await Send(new HttpRequestInput { Url = url, MaxResponseBytes = 99 })).Error?.Code, Is.EqualTo("response_too_large"));
    }

    [TestCase("/drip")]
    [TestCase("/silence")]
    public async Task Ends_a_slow_answer_with_the_total_timeout(string path)
    {
        await using var server = await HttpRequestServer.Start();

        var result = await Send(new HttpRequestInput { Url = server.Origin + path, Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.That(result.Error, Has.Property("Code").EqualTo("timeout").And.Property("Class").EqualTo("timeout").And.Property("Retryable").True);
    }

    [Test]
    public async Task Throws_only_when_its_caller_cancels()
    {
        await using var server = await HttpRequestServer.Start();
        using var caller = new CancellationTokenSource();

        var call = Send(new HttpRequestInput { Url = server.Origin + "/drip" }, caller.Token);
        await caller.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("/cut", "connection_broken", "network")]
    [TestCase("/damaged", "invalid_encoding", "invalid_response")]
    [TestCase("/headers/80", "response_headers_too_large", "limit")]
    public async Task Names_what_a_broken_peer_did(string path, string code, string @class)
    {
        await using var server = await HttpRequestServer.Start();

        var error = (await Send(new HttpRequestInput { Url = server.Origin + path })).Error;

        Assert.That((error?.Code, error?.Class), Is.EqualTo((code, @class)), error?.ToString());
    }

    [Test]
    public async Task Names_an_unreachable_and_an_unknown_host_and_a_peer_without_TLS()
    {
        await using var server = await HttpRequestServer.Start();

        var unknown = await Send(new HttpRequestInput { Url = "http://unknown.example.com/" });
        var plain = await Send(new HttpRequestInput { Url = server.Origin.Replace("http:", "https:", StringComparison.Ordinal) + "/answer" });
        var port = new Uri(server.Origin).Port;
        await server.DisposeAsync();
        var gone = await Send(new HttpRequestInput { Url = $"http://127.0.0.1:{port}/" });

        Assert.Multiple(() =>
        {
            Assert.That(unknown.Error, Has.Property("Code").EqualTo("name_not_resolved").And.Property("Class").EqualTo("network"));
            Assert.That(plain.Error, Has.Property("Code").EqualTo("tls_failed").And.Property("Class").EqualTo("network"));
            Assert.That(gone.Error, Has.Property("Code").EqualTo("connection_failed").And.Property("Class").EqualTo("network").And.Property("Retryable").True);
        });
    }

    static string Answer(HttpRequestServer server, string? type, string body) =>
        $"{server.Origin}/answer?body={Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(body)))}{(type is null ? "" : "&type=" + Uri.EscapeDataString(type))}";

    static async Task<HttpRequestResult> Send(HttpRequestInput input, CancellationToken ct = default)
    {
        using var http = new GuardedHttp(new GuardedDialer(
            EgressPolicy.Create(["127.0.0.1/32"], []),
            (host, _) => host == "localhost."
                ? Task.FromResult(new[] { IPAddress.IPv6Loopback })
                : throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
            async (endpoint, token) =>
            {
                var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(endpoint, token);
                return client.GetStream();
            }));
        return await new HttpRequestCall(http, new FrozenWallClock()).Send(input, ct);
    }

    /// <summary>A wall clock that stands still, while timers and durations run as they do.</summary>
    sealed class FrozenWallClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
