using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Domain.Shared.JsonSchema;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Unit.Agents;

/// <summary>The registry's schemas are data in a migration; what runs the skills is code. The two must say the same.</summary>
public sealed class PlatformSkillTests
{
    static readonly string[] Migrations = ["0004_platform_skills", "0005_control_skills", "0009_llm"];

    [Test]
    public void The_registry_publishes_the_schema_that_http_request_reads_by()
    {
        using var code = JsonDocument.Parse(HttpRequestSchema.Json);
        var stored = Schemas().Single(s => s.GetProperty("title").GetString() == "http_request");
        Assert.That(CanonicalJson.Sha256Hex(stored), Is.EqualTo(CanonicalJson.Sha256Hex(code.RootElement)));
    }

    [Test]
    public void Every_schema_of_the_registry_compiles()
    {
        var schemas = Schemas();
        Assert.That(schemas, Has.Count.EqualTo(21));
        foreach (var schema in schemas)
        {
            Assert.That(CompiledSchema.TryCompile(schema, out _, out var problems), Is.True, () => problems[0].Message);
        }
    }

    static List<JsonElement> Schemas() => [.. Migrations.SelectMany(Schemas)];

    static IEnumerable<JsonElement> Schemas(string migration)
    {
        using var stream = typeof(Registration).Assembly.GetManifestResourceStream($"db/migrations/agents/{migration}.sql")!;
        using var reader = new StreamReader(stream);
        return [.. Regex.Matches(reader.ReadToEnd(), @"\$json\$(?<document>.*?)\$json\$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => JsonElement.Parse(m.Groups["document"].Value))];
    }
}
