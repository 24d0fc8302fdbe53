using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Unit.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Definitions;

[TestFixture]
public sealed class DefinitionTests
{
    const string Flat = """
        {
          "name": "Support: first answer", "description": "Answers.", "category": "support", "version": "1.2.0", "model": "sandbox/echo",
          "temperature": 0.7, "max_tokens": 500, "system_prompt": "Be kind.", "capabilities": ["answering"]
        }
        """;

    static readonly string Full = $$"""
        {
          "slug": "triage", "name": "Triage", "description": "Sorts issues.", "kind": "workflow", "category": "support", "icon": "🧭",
          "tags": ["github", "issues"], "capabilities": ["sorting"], "features": ["daily_qa"], "is_public": true, "memory_enabled": true,
          "limits": { "timeout_ms": 60000 }, "metadata": { "team": { "name": "A", "size": 1.50 } },
          "semantic_version": "2.0.0-rc.1", "changelog": "More.", "model": { "vendor": "openai", "model": "gpt-4o", "temperature": 0.2, "max_tokens": 100 },
          "system_prompt": "Sort.\nShortly.", "default_params": { "language": "de" }, "input_schema": { "type": "object" }, "output_schema": true,
          "graph": {{GraphExamples.Large}},
          "skills": [{ "slug": "slack-post", "priority": 10, "enabled": true }, { "slug": "http_request", "priority": 0, "enabled": false }]
        }
        """;

    [Test]
    public void Reads_every_member_of_the_full_form()
    {
        var definition = Valid(Full);

        Assert.Multiple(() =>
        {
            Assert.That((definition.Slug, definition.Kind, definition.SemanticVersion, definition.Changelog), Is.EqualTo(("triage", "workflow", "2.0.0-rc.1", "More.")));
            Assert.That((definition.Fields.Name, definition.Fields.Description, definition.Fields.Category, definition.Fields.Icon), Is.EqualTo(("Triage", "Sorts issues.", "support", "🧭")));
            Assert.That(definition.Fields.Tags, Is.EqualTo(["github", "issues"]));
            Assert.That(definition.Fields.Capabilities, Is.EqualTo(["sorting"]));
            Assert.That(definition.Fields.Features, Is.EqualTo(["daily_qa"]));
            Assert.That(definition.Fields.IsPublic && definition.Fields.MemoryEnabled);
            Assert.That(definition.Fields.Limits.GetProperty("timeout_ms").GetInt32(), Is.EqualTo(60000));
            Assert.That(definition.Fields.Metadata.GetProperty("team").GetProperty("size").GetRawText(), Is.EqualTo("1.50"));
            Assert.That(definition.Model!.Value.GetProperty("model").GetString(), Is.EqualTo("gpt-4o"));
            Assert.That(definition.SystemPrompt, Is.EqualTo("Sort.\nShortly."));
            Assert.That(definition.DefaultParams!.Value.GetProperty("language").GetString(), Is.EqualTo("de"));
            Assert.That(definition.InputSchema!.Value.GetProperty("type").GetString(), Is.EqualTo("object"));
            Assert.That(definition.OutputSchema!.Value.ValueKind, Is.EqualTo(JsonValueKind.True));
            Assert.That(definition.Graph.GetProperty("nodes").GetArrayLength(), Is.EqualTo(6));
            Assert.That(definition.Skills, Is.EqualTo([new SkillBinding("slack-post", new ToolSettings(10)), new SkillBinding("http_request", new ToolSettings(Enabled: false))]));
        });
    }

    [Test]
    public void Writes_the_same_document_that_it_read() =>
        Assert.That(DefinitionWriter.Write(Valid(Full)).GetRawText(), Is.EqualTo(JsonSerializer.Serialize(JsonElement.Parse(Full))));

    [Test]
    public void Reads_the_flat_form_as_a_model_and_a_graph_of_one_node()
    {
        var definition = Valid(Flat);

        Assert.Multiple(() =>
        {
            Assert.That((definition.Slug, definition.Kind, definition.SemanticVersion, definition.SystemPrompt), Is.EqualTo(("support-first-answer", "agent", "1.2.0", "Be kind.")));
            Assert.That(definition.Model!.Value.GetRawText(), Is.EqualTo("""{"vendor":"sandbox","model":"echo","temperature":0.7,"max_tokens":500}"""));
            Assert.That(definition.Graph.GetProperty("nodes")[0].GetProperty("skill").GetString(), Is.EqualTo("llm"));
        });
    }

    [TestCase("1.0", "1.0.0")]
    [TestCase("2", "2.0.0")]
    [TestCase("\"1.4\"", "1.4.0")]
    [TestCase("\"1.4.2-beta\"", "1.4.2-beta")]
    [TestCase("null", null)]
    public void Reads_a_short_version_of_the_flat_form(string version, string? expected) =>
        Assert.That(Valid(Flat.Replace("\"1.2.0\"", version, StringComparison.Ordinal)).SemanticVersion, Is.EqualTo(expected));

    [Test]
    public void Only_the_first_slash_parts_vendor_and_model() => Assert.That(
        Valid("""{ "name": "Llama", "model": "together/meta-llama/Llama-3" }""").Model!.Value.GetRawText(), Is.EqualTo("""{"vendor":"together","model":"meta-llama/Llama-3"}"""));

    [TestCase("""{ "name": "Abc", "model": "a/b", "descripton": "x" }""", "/descripton unknown_member")]
    [TestCase("""{ "name": "Abc" }""", " missing")]
    [TestCase("""{ "model": "a/b", "slug": "x" }""", " missing")]
    [TestCase("""{ "name": "日本語の", "model": "a/b" }""", " missing")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "slug": "A b" }""", "/slug invalid_slug")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "slug": 1 }""", "/slug invalid_type")]
    [TestCase("""{ "name": "Ab", "model": "a/b" }""", "/name too_short")]
    [TestCase("""{ "name": "Abc", "model": "gpt-4o" }""", "/model invalid_value")]
    [TestCase("""{ "name": "Abc", "model": 4 }""", "/model invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "temperature": 2.1 }""", "/temperature out_of_range")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "temperature": "hot" }""", "/temperature wrong_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "max_tokens": 0 }""", "/max_tokens out_of_range")]
    [TestCase("""{ "name": "Abc", "model": { "model": "x", "temperature": 3 } }""", "/model/temperature out_of_range")]
    [TestCase("""{ "name": "Abc", "model": { "model": "x", "temperature": 1 }, "temperature": 1 }""", "/temperature duplicate_member")]
    [TestCase("""{ "name": "Abc", "graph": {}, "temperature": 1 }""", "/temperature unknown_member")]
    [TestCase("""{ "name": "Abc", "model": { "vendor": "openai" } }""", "/model/model required")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "version": "one" }""", "/version invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "semantic_version": "1.0" }""", "/semantic_version invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "semantic_version": "1.0.0", "version": "1.0.0" }""", "/version invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "kind": "bot" }""", "/kind invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "tags": ["ok", 7] }""", "/tags/1 invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "tags": ["no spaces"] }""", "/tags/0 invalid_label")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "limits": { "timeout": 1 } }""", "/limits/timeout unknown_field")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "metadata": [] }""", "/metadata invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "is_public": "yes" }""", "/is_public invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "system_prompt": "" }""", "/system_prompt invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "input_schema": "object" }""", "/input_schema invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "graph": [] }""", "/graph invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "skills": ["slack-post"] }""", "/skills/0 invalid_type")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "skills": [{ "slug": "slack-post@1" }] }""", "/skills/0/slug invalid_skill")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "skills": [{ "slug": "x", "priority": 1001 }] }""", "/skills/0/priority invalid_value")]
    [TestCase("""{ "name": "Abc", "model": "a/b", "skills": [{ "slug": "x" }, { "slug": "x" }] }""", "/skills/1/slug duplicate_member")]
    [TestCase("[]", " invalid_type")]
    [TestCase("""{ "name": "Abc", "name": "Abd" }""", "/name duplicate_member")]
    public void Refuses(string definition, string problem) => Assert.That(Problems(definition), Is.EqualTo([problem]));

    [Test]
    public void Reports_every_problem_at_once() => Assert.That(
        Problems("""{ "slug": "-", "kind": "x", "modle": 1, "tags": "a", "version": "z", "skills": [{}], "default_params": 1 }"""),
        Is.EquivalentTo([
            "/slug invalid_slug", "/kind invalid_value", "/modle unknown_member", "/tags invalid_type", "/version invalid_value", "/skills/0 missing",
            "/default_params invalid_type", " missing", " missing",
        ]));

    [Test]
    public void An_empty_member_counts_as_not_given() => Assert.That(
        Problems("""{ "name": "Abc", "model": { "model": "x", "temperature": null }, "graph": null, "tags": null, "limits": null, "kind": null, "slug": null }"""), Is.Empty);

    [Test]
    public void The_hash_survives_export_and_import()
    {
        foreach (var text in (string[])[Flat, Full])
        {
            var definition = Valid(text);
            Assert.That(ContentHash.Of(Valid(DefinitionWriter.Write(definition).GetRawText())), Is.EqualTo(ContentHash.Of(definition)));
        }
    }

    [TestCase("\"language\": \"de\"", "\"language\": \"fr\"", ExpectedResult = false)]
    [TestCase("\"temperature\": 0.2", "\"temperature\": 0.3", ExpectedResult = false)]
    [TestCase("Shortly", "At length", ExpectedResult = false)]
    [TestCase("\"type\": \"object\"", "\"type\": \"string\"", ExpectedResult = false)]
    [TestCase("\"output_schema\": true", "\"output_schema\": false", ExpectedResult = false)]
    [TestCase("Look: ", "See: ", ExpectedResult = false)]
    [TestCase("\"temperature\": 0.2, \"max_tokens\": 100", "\"max_tokens\": 100, \"temperature\": 2.0e-1", ExpectedResult = true)]
    [TestCase("Sorts issues.", "Sorts them.", ExpectedResult = true)]
    [TestCase("2.0.0-rc.1", "3.0.0", ExpectedResult = true)]
    [TestCase("\"slug\": \"triage\"", "\"slug\": \"other\"", ExpectedResult = true)]
    public bool The_hash_covers_what_a_version_does_and_nothing_else(string from, string to)
    {
        Assert.That(Full, Does.Contain(from));
        return ContentHash.Of(Valid(Full.Replace(from, to, StringComparison.Ordinal))) == ContentHash.Of(Valid(Full));
    }

    [Test]
    public void Empty_parameters_and_missing_ones_have_one_hash()
    {
        var graph = SingleModelGraph.Document;
        Assert.That(
            ContentHash.Of(graph, null, null, AgentFields.EmptyObject, null, null), Is.EqualTo(ContentHash.Of(graph, JsonElement.Parse("null"), null, null, null, null)));
    }

    static AgentDefinition Valid([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        var problems = new List<FieldError>();
        var definition = DefinitionReader.Read(JsonElement.Parse(json), problems);
        Assert.That(problems, Is.Empty);
        return definition!;
    }

    static IEnumerable<string> Problems([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        using var document = JsonDocument.Parse(json);
        var problems = new List<FieldError>();
        DefinitionReader.Read(document.RootElement, problems);
        return problems.Select(p => $"{p.Pointer} {p.Code}");
    }
}
