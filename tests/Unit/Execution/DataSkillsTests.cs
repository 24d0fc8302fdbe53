using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Unit.Execution;

/// <summary>The skills that work on data alone.</summary>
[TestFixture]
public sealed class DataSkillsTests
{
    [TestCase("""{ "op": "parse", "value": "{\"a\":[1,null,\"é\"]}" }""", ExpectedResult = """{"a":[1,null,"é"]}""")]
    [TestCase("""{ "op": "parse", "value": " 5 " }""", ExpectedResult = "5")]
    [TestCase("""{ "op": "parse", "value": "{\"a\":1" }""", ExpectedResult = "invalid_json")]
    [TestCase("""{ "op": "parse", "value": "{\"a\":1,\"a\":2}" }""", ExpectedResult = "invalid_json")]
    [TestCase("""{ "op": "parse", "value": "\"\\u0000\"" }""", ExpectedResult = "invalid_json")]
    [TestCase("""{ "op": "parse", "value": 5 }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "stringify", "value": { "b": [1, "x"] } }""", ExpectedResult = "\"{\\\"b\\\":[1,\\\"x\\\"]}\"")]
    [TestCase("""{ "op": "stringify", "value": { "b": 1 }, "indent": true }""", ExpectedResult = "\"{\\n  \\\"b\\\": 1\\n}\"")]
    [TestCase("""{ "op": "turn", "value": 5 }""", ExpectedResult = "invalid_with")]
    public string Json(string with) => Show(new JsonSkill().Run(Call(with)));

    // The digests are those of sha256sum, md5sum and openssl.
    [TestCase("""{ "value": "abc" }""", ExpectedResult = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("""{ "value": "abc", "algorithm": "md5" }""", ExpectedResult = "900150983cd24fb0d6963f7d28e17f72")]
    [TestCase("""{ "value": "abc", "algorithm": "sha1", "encoding": "base64" }""", ExpectedResult = "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=")]
    [TestCase("""{ "value": "abc", "algorithm": "sha1", "encoding": "base64url" }""", ExpectedResult = "qZk-NkcGgWq6PiVxeFDCbJzQ2J0")]
    [TestCase("""{ "value": "what do ya want for nothing?", "key": "Jefe" }""", ExpectedResult = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [TestCase("""{ "value": { "b": 1, "a": 2 } }""", ExpectedResult = "d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772")]
    [TestCase("""{ "value": "abc", "algorithm": "crc" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "value": "abc", "key": "" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "value": "abc", "encoding": "octal" }""", ExpectedResult = "invalid_with")]
    public string Hash(string with) => Of(new HashSkill(), with, "digest");

    [Test]
    public void Json_is_hashed_in_its_canonical_form() =>
        Assert.That(Hash("""{ "value": { "b": 1, "a": [1.0, "x"] } }"""), Is.EqualTo(Hash("""{ "value": { "a": [1, "x"], "b": 1 } }""")));

    [TestCase("""{ "op": "parse", "value": "2026-03-29T01:30:00Z" }""", ExpectedResult = "2026-03-29T01:30:00Z")]
    [TestCase("""{ "op": "parse", "value": 0 }""", ExpectedResult = "1970-01-01T00:00:00Z")]
    [TestCase("""{ "op": "parse", "value": "2026-07-01", "zone": "Europe/Berlin" }""", ExpectedResult = "2026-07-01T00:00:00+02:00")]
    [TestCase("""{ "op": "parse", "value": "31.12.2026 23:59", "format": "dd.MM.yyyy HH:mm", "zone": "America/New_York" }""", ExpectedResult = "2026-12-31T23:59:00-05:00")]
    [TestCase("""{ "op": "parse", "value": "2026-03-29T02:30:00", "zone": "Europe/Berlin" }""", ExpectedResult = "2026-03-29T03:30:00+02:00", Description = "The clocks skip it.")]
    [TestCase("""{ "op": "parse", "value": "2026-10-25T02:30:00", "zone": "Europe/Berlin" }""", ExpectedResult = "2026-10-25T02:30:00+02:00", Description = "The clocks show it twice.")]
    [TestCase("""{ "op": "parse", "value": "1 Jan 26 +0330", "format": "d MMM yy zzz" }""", ExpectedResult = "2026-01-01T00:00:00+03:30")]
    [TestCase("""{ "op": "parse", "value": "soon" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "parse", "value": 1e300 }""", ExpectedResult = "out_of_range")]
    [TestCase("""{ "op": "convert", "value": "2026-01-01T00:00:00Z", "zone": "Asia/Kolkata" }""", ExpectedResult = "2026-01-01T05:30:00+05:30")]
    [TestCase("""{ "op": "convert", "value": "2026-01-01T00:00:00Z", "zone": "../UTC" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "convert", "value": "2026-01-01T00:00:00Z", "zone": "Mars/Olympus" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "convert", "value": "2026-01-01T00:00:00Z" }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "add", "value": "2026-01-31T10:00:00Z", "amount": { "months": 1 } }""", ExpectedResult = "2026-02-28T10:00:00Z")]
    [TestCase("""{ "op": "add", "value": "2026-03-28T12:00:00+01:00", "amount": { "days": 1 }, "zone": "Europe/Berlin" }""", ExpectedResult = "2026-03-29T12:00:00+02:00")]
    [TestCase("""{ "op": "add", "value": "2026-03-28T12:00:00+01:00", "amount": { "hours": 24 }, "zone": "Europe/Berlin" }""", ExpectedResult = "2026-03-29T13:00:00+02:00")]
    [TestCase("""{ "op": "add", "value": "2026-01-01T00:00:00.500Z", "amount": { "milliseconds": -250, "weeks": -1 } }""", ExpectedResult = "2025-12-25T00:00:00.25Z")]
    [TestCase("""{ "op": "add", "value": "2026-01-01T00:00:00Z", "amount": { "years": 9000 } }""", ExpectedResult = "out_of_range")]
    [TestCase("""{ "op": "add", "value": "2026-01-01T00:00:00Z", "amount": { "fortnights": 1 } }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "op": "now", "value": "2026-01-01T00:00:00Z" }""", ExpectedResult = "invalid_with")]
    public string Date(string with) => Of(new DateSkill(), with, "iso");

    [Test]
    public void Formats_and_compares_moments() => Assert.Multiple(() =>
    {
        Assert.That(Of(new DateSkill(), """{ "op": "format", "value": "2026-01-05T00:00:00Z", "format": "ddd d MMM yyyy", "zone": "America/New_York" }""", "text"), Is.EqualTo("Sun 4 Jan 2026"));
        Assert.That(Of(new DateSkill(), """{ "op": "format", "value": "2026-01-05T00:00:00Z", "format": "d" }""", "text"), Is.EqualTo("5"));
        Assert.That(Of(new DateSkill(), """{ "op": "diff", "value": "2026-01-01T00:00:00Z", "to": "2026-01-02T12:00:00Z" }""", "days"), Is.EqualTo("1.5"));
        Assert.That(Of(new DateSkill(), """{ "op": "parse", "value": "2026-01-04T00:00:00Z" }""", "weekday"), Is.EqualTo("7"));
    });

    [Test]
    public void Makes_html_that_runs_no_script()
    {
        var html = Of(new MarkdownSkill(), JsonSerializer.Serialize(new
        {
            text = "# Hi <script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](JaVa\tScript:x) [c](https://x.example/?q=1) ![d](data:text/html,x) <javascript:alert(1)> [e](/rel?a:b) [f](vbscript&colon;x)\n\n| a |\n|---|\n| 1 |\n",
        }), "html");
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("<h1").And.Contain("&lt;script&gt;").And.Contain("<table>").And.Contain("https://x.example/?q=1").And.Contain("/rel?a:b"));
            Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("href=\"javascript").And.Not.Contain("data:text").And.Not.Contain("href=\"vbscript").IgnoreCase);
        });
    }

    [Test]
    public void Makes_plain_text_of_markdown() =>
        Assert.That(Of(new MarkdownSkill(), """{ "text": "# Title\n\nSome **bold** text.", "to": "text" }""", "text"), Is.EqualTo("Title\nSome bold text.\n"));

    [TestCase("""{ "t": { "selector": "h1" } }""", ExpectedResult = """{"t":"Hello you"}""")]
    [TestCase("""{ "l": { "selector": "ul > li", "all": true } }""", ExpectedResult = """{"l":["one","two"]}""")]
    [TestCase("""{ "a": { "selector": "a[href]", "get": "attribute", "attribute": "href" } }""", ExpectedResult = """{"a":"/x?a=1&b"}""")]
    [TestCase("""{ "h": { "selector": "li", "get": "inner_html" }, "n": { "selector": ".none" }, "m": { "selector": ".none", "all": true } }""", ExpectedResult = """{"h":"<b>one</b>","n":null,"m":[]}""")]
    [TestCase("""{ "a": { "selector": "li[" } }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "a": { "selector": "li:has(b)" } }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "a": { "selector": "a b c d e f g h" } }""", ExpectedResult = "invalid_with")]
    [TestCase("""{ "a": { "selector": "a", "get": "attribute" } }""", ExpectedResult = "invalid_with")]
    [TestCase("""{}""", ExpectedResult = "invalid_with")]
    public async Task<string> Extract(string fields)
    {
        const string html = """<h1>Hello <i>you</i> </h1><ul><li><b>one</b><li>two</ul><a href="/x?a=1&amp;b">x</a><script>document.write('<li>three')</script>""";
        var with = JsonSerializer.Serialize(new { html, fields = JsonElement.Parse(fields) });
        return Show(await new HtmlExtractSkill(TimeProvider.System).Run(Call(with), CancellationToken.None));
    }

    [Test]
    public async Task A_page_that_is_made_to_take_long_is_given_up()
    {
        var html = string.Concat(Enumerable.Repeat("<div>", 200)) + string.Concat(Enumerable.Repeat("<p>x</p>", 100_000));
        var with = JsonSerializer.Serialize(new { html, fields = new { a = new { selector = "div div div div div div q", all = true } } });
        using var stopped = new CancellationTokenSource();
        var run = new HtmlExtractSkill(TimeProvider.System).Run(Call(with), stopped.Token);
        await stopped.CancelAsync();
        Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>());
    }

    static string Of(IPureSkill skill, string with, string member)
    {
        var outcome = skill.Run(Call(with));
        return outcome.Error?.Code ?? (outcome.Output.TryGetProperty(member, out var value) ? value.Kind is DatumKind.String ? value.GetString() : value.ToString() : "missing");
    }

    static string Show(SkillOutcome outcome) => outcome.Error?.Code ?? System.Text.Encoding.UTF8.GetString(AgentPlatform.Infrastructure.Execution.Engine.Json.Write(outcome.Output)!);

    static SkillCall Call(string with) => new(Guid.Empty, Guid.Empty, null!, Datum.From(JsonElement.Parse(with)), Datum.Null);
}
