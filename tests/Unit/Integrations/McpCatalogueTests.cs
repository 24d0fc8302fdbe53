using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Unit.Integrations;

public sealed class McpCatalogueTests
{
    static readonly McpValue Anything = new(".*", null, IsRequired: true, IsSecret: false);

    [TestCase("-e")]
    [TestCase("--require=/tmp/x.js")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase(null)]
    public void A_value_is_never_an_option_nor_several_lines_whatever_its_pattern_says(string? value) => Assert.That(Anything.Fits(value), Is.False);

    [TestCase("abc", true)]
    [TestCase("abcd", false)]
    [TestCase("abc\n", false)]
    [TestCase("ab;id", false)]
    public void A_value_matches_its_pattern_as_a_whole(string value, bool fits) => Assert.That(new McpValue("[a-z]{3}|xyz", null, true, false).Fits(value), Is.EqualTo(fits));

    [Test]
    public void A_value_that_looks_like_a_placeholder_stays_a_value() =>
        Assert.That(McpCatalogue.Fill("--root={root} {other}", new Dictionary<string, string> { ["root"] = "{other}", ["other"] = "x" }), Is.EqualTo("--root={other} x"));

    [TestCase("""{ "servers": [{ "name": "a", "command": "sh" }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/no/such/program" }] }""")]
    [TestCase("""{ "servers": [{ "name": "A b", "command": "/bin/sh" }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/bin/sh", "args": ["{unknown}"] }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/bin/sh" }, { "name": "a", "command": "/bin/sh" }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/bin/sh", "shell": true }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/bin/sh", "values": { "v": { "pattern": "(" } } }] }""")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "/bin/sh", "values": { "v": { "pattern": "(?=a)" } } }] }""")]
    [TestCase("not json")]
    public void A_wrong_file_stops_the_start(string json)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            Assert.Throws<StartException>(() => McpCatalogue.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
