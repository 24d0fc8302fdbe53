using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>Customers' code as their agents use it.</summary>
public sealed class CodeSkillTests
{
    [SetUp]
    public Task Installed() => Sandboxed.Needed();

    [TestCase("javascript", "async function main(input, ctx) { console.log('at', ctx.node); return { sum: input.a + input.b }; }")]
    [TestCase("typescript", "export function main(input: { a: number, b: number }, ctx: any): object { console.log('at', ctx.node); return { sum: input.a + input.b }; }")]
    [TestCase("python", "async def main(input, ctx):\n  print('at', ctx.node)\n  return {'sum': input['a'] + input['b']}")]
    public async Task Runs_the_code_of_a_node(string language, string code)
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce(
            $$"""{ "nodes": [{ "id": "add", "skill": "code", "with": { "language": "{{language}}", "code": {{JsonSerializer.Serialize(code)}}, "input": { "a": "=input.a", "b": 2 } } }] }""",
            """{ "input": { "a": 1 } }""");
        Assert.That(run.GetProperty("output").GetRawText().Replace(" ", "", StringComparison.Ordinal), Does.Contain("""{"result":{"sum":3},"logs":[{"level":"info","text":"atadd"}]}"""), run.GetRawText());
    }

    [Test]
    public async Task Runs_a_skills_own_version_with_preset_schemas_and_limits()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/skills", new { slug = "double", name = "Doubles", type = "code", category = "computation" }, 201);
        var version = await tenant.Http.Post("/v1/skills/double/versions", new
        {
            language = "javascript",
            source_code = "function main(input) { return input.n * input.factor; }",
            spec = new { with = new { factor = 2 }, limits = new { timeout_ms = 5000, memory_mib = 64 } },
            input_schema = new { type = "object", required = new[] { "n" }, properties = new { n = new { type = "integer" } } },
            output_schema = new { type = "integer", maximum = 10 },
        }, 201);
        Assert.That((version.Text("language"), version.Text("source_code")), Is.EqualTo(("javascript", "function main(input) { return input.n * input.factor; }")));
        var listed = (await tenant.Http.Get("/v1/skills/double/versions")).GetProperty("items")[0];
        Assert.That(listed.GetProperty("source_code").ValueKind, Is.EqualTo(JsonValueKind.Null), "a list carries no sources");

        const string graph = """{ "nodes": [{ "id": "two", "skill": "double", "with": { "n": "=input.n" } }], "output": "=two.result" }""";
        var agent = await tenant.Http.Agent(graph);
        Assert.That((await tenant.Http.Run(agent, """{ "input": { "n": 4 } }""")).GetProperty("output").GetRawText(), Is.EqualTo("8"));
        Assert.That((await tenant.Http.Run(agent, """{ "input": { "n": 6 } }""")).GetProperty("error").Text("code"), Is.EqualTo("invalid_output"));
        Assert.That((await tenant.Http.Run(agent, """{ "input": { "n": "x" } }""")).GetProperty("error").Text("code"), Is.EqualTo("invalid_with"));
    }

    [Test]
    public async Task Refuses_versions_that_could_not_run()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/skills", new { slug = "mine", name = "Mine", type = "code", category = "computation" }, 201);
        using var bare = await tenant.Http.PostAsJsonAsync("/v1/skills/mine/versions", new { spec = new { } });
        Assert.That((await bare.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/source_code", "required"), ("/language", "required") }));
        using var wrong = await tenant.Http.PostAsJsonAsync("/v1/skills/mine/versions", new
        {
            language = "javascript",
            source_code = "x",
            spec = new { limits = new { timeout_ms = 300_001, cpu_ms = 9, memory_mib = 513, output_bytes = 0, threads = 1 }, network = new object[] { "a.example", "*.com", "https://a.example", 5 } },
        });
        Assert.That((await wrong.Problem(422, "invalid")).Faults().Select(fault => fault.Pointer), Is.EquivalentTo(new[]
        {
            "/spec/limits/timeout_ms", "/spec/limits/cpu_ms", "/spec/limits/memory_mib", "/spec/limits/output_bytes", "/spec/limits/threads", "/spec/network/1", "/spec/network/1", "/spec/network/1",
        }));
    }

    [TestCase("javascript", "function main() {\n  return 1 +;\n}", "code_invalid", 2)]
    [TestCase("typescript", "function main() {\n  return 1 +;\n}", "code_invalid", 2)]
    [TestCase("python", "def main(input, ctx):\n  return 1 +", "code_invalid", 2)]
    [TestCase("javascript", "const x = 1;", "code_invalid", null)]
    [TestCase("python", "x = 1", "code_invalid", null)]
    [TestCase("javascript", "function main() {\n\n  null.x;\n}", "code_failed", 3)]
    [TestCase("typescript", "type T = number;\nfunction main(): T {\n\n  throw new RangeError('no');\n}", "code_failed", 4)]
    [TestCase("python", "def f():\n  return 1 / 0\ndef main(input, ctx):\n  return f()", "code_failed", 2)]
    [TestCase("javascript", "function main() { return new Promise((_, no) => setTimeout(() => no(new Error('late')), 5)); }", "code_failed", 1)]
    [TestCase("javascript", "function main() { setTimeout(() => { throw new Error('behind'); }, 1); return new Promise(() => {}); }", "code_failed", 1)]
    public async Task Says_where_the_code_failed(string language, string code, string expected, int? line)
    {
        var tenant = await TestApp.NewTenant();
        var error = await tenant.Http.Failure(language, code);
        Assert.That(error.Text("code"), Is.EqualTo(expected), error.GetRawText());
        Assert.That(error.GetProperty("class").GetString(), Is.EqualTo("code"));
        Assert.That(error.GetProperty("detail").GetProperty("line").ValueKind is JsonValueKind.Number and var _ ? error.GetProperty("detail").GetProperty("line").GetInt32() : (int?)null, Is.EqualTo(line), error.GetRawText());
    }

    [Test]
    public async Task Calls_the_hosts_that_it_names_and_no_others()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Start(async (number, http) =>
        {
            http.Response.StatusCode = 418;
            await http.Response.WriteAsJsonAsync(new { number, method = http.Request.Method, body = await new StreamReader(http.Request.Body).ReadToEndAsync() });
        });
        var spec = new { network = new[] { "127.0.0.1" } };
        var fromJavaScript = await tenant.Http.Result(
            "javascript", "async function main(url) { const [a, b] = await Promise.all([fetch(url), fetch(url, { method: 'POST', body: 'hi' })]); return [a.status, (await b.json()).body, (await a.json()).method]; }", peer.Url, spec);
        Assert.That(fromJavaScript, Is.EqualTo("""[418,"hi","GET"]"""));
        var fromPython = await tenant.Http.Result(
            "python", "def main(url, ctx):\n  r = ctx.fetch(url, method='POST', body={'a': 1})\n  return [r.status, r.json()['body'], r.json()['method']]", peer.Url, spec);
        Assert.That(fromPython, Is.EqualTo("""[418,"{\"a\": 1}","POST"]"""));
        Assert.That(peer.Calls, Is.EqualTo(3));

        foreach (var (language, code) in new[]
        {
            ("javascript", "async function main(url) { return await fetch(url).then(r => r.status, e => e.message); }"),
            ("python", "def main(url, ctx):\n  try:\n    return ctx.fetch(url).status\n  except Exception as e:\n    return str(e)"),
        })
        {
            Assert.That(await tenant.Http.Result(language, code, peer.Url), Does.Contain("may not call any host"));
            Assert.That(await tenant.Http.Result(language, code, peer.Url, new { network = new[] { "a.example" } }), Does.Contain("host_not_listed"));
            Assert.That(await tenant.Http.Result(language, code, "http://10.0.0.1/", new { network = new[] { "10.0.0.1" } }), Does.Contain("address_not_allowed"), "the guard has the last word");
        }

        Assert.That(peer.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task Is_not_led_away_by_a_redirect()
    {
        var tenant = await TestApp.NewTenant();
        await using var inner = await Peer.Counting();
        await using var outer = await Peer.Start((_, http) =>
        {
            http.Response.Redirect(inner.Url.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal));
            return Task.CompletedTask;
        });
        var said = await tenant.Http.Result(
            "javascript", "async function main(url) { return await fetch(url).then(r => r.status, e => e.message); }", outer.Url, new { network = new[] { "127.0.0.1" } });
        Assert.That(said, Does.Contain("host_not_listed"));
        Assert.That(inner.Calls, Is.Zero);
    }

    [Test]
    public async Task Notes_a_try_out_and_refuses_it_without_the_permission()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Result("javascript", "const main = () => 1");
        Assert.That(await tenant.Http.Audited("code.tried"), Is.EqualTo(1));
        var viewer = await tenant.Member("viewer");
        using var refused = await viewer.Http.PostAsJsonAsync("/v1/code/run", new { language = "javascript", source_code = "const main = () => 1" });
        await refused.Problem(403, "forbidden");
        using var long_ = await tenant.Http.PostAsJsonAsync("/v1/code/run", new { language = "javascript", source_code = "x", spec = new { limits = new { timeout_ms = 60_001 } } });
        Assert.That((await long_.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/spec/limits/timeout_ms", "out_of_range") }));
    }
}
