using System.Text;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Agents.Definitions;
using AgentPlatform.Unit.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Definitions;

[TestFixture]
public sealed class DefinitionTextTests
{
    const string Flat = """
        name: Echo desk
        version: 1.0
        model: sandbox/echo
        temperature: 0.5
        max_tokens: 200
        system_prompt: |
          You are short.
          And kind: always.
        capabilities: [answering]
        """;

    const string Full = """
        slug: fetch-and-tell
        name: "Fetch: and tell"
        tags: [on, "no", 'null']
        default_params: { price: 1.50, big: 12345678901234567890, date: 2024-01-01 }
        graph:
          nodes:
            - id: fetch
              skill: http_request
              with: { method: GET, url: "=input.url" }
              timeout: 10s
              retry: { max_attempts: 4, on: [timeout, "5xx", 429] }
            - id: tell
              skill: transform
              with:
                said: |-
                  Dear {{input.reader}},
                  =no expression
                quoted: "== x"
          edges:
            - { from: fetch, to: tell, when: "fetch.ok" }
          output: { said: "=tell.said" }
        """;

    [TestCase(Flat)]
    [TestCase(Full)]
    public void Export_and_import_give_the_same_definition_and_the_same_hash_in_both_spellings(string yaml)
    {
        var definition = Read(yaml, DefinitionText.Yaml);
        foreach (var asYaml in (bool[])[true, false])
        {
            var text = DefinitionText.Write(definition, asYaml);
            var again = Read(text, asYaml ? DefinitionText.Yaml : DefinitionText.Json);

            Assert.Multiple(() =>
            {
                Assert.That(DefinitionWriter.Write(again).GetRawText(), Is.EqualTo(DefinitionWriter.Write(definition).GetRawText()));
                Assert.That(ContentHash.Of(again), Is.EqualTo(ContentHash.Of(definition)));
                Assert.That(DefinitionText.Write(again, asYaml), Is.EqualTo(text));
            });
        }
    }

    [Test]
    public void A_graph_in_yaml_compiles() => Assert.That(Graph.Of(Read(Full, DefinitionText.Yaml).Graph).Problems, Is.Empty);

    [Test]
    public void Reads_the_flat_form_as_people_write_it()
    {
        var definition = Read(Flat, "text/yaml; charset=utf-8");
        Assert.That(
            (definition.Slug, definition.SemanticVersion, definition.SystemPrompt, definition.Model!.Value.GetRawText()),
            Is.EqualTo(("echo-desk", "1.0.0", "You are short.\nAnd kind: always.\n", """{"vendor":"sandbox","model":"echo","temperature":0.5,"max_tokens":200}""")));
    }

    [TestCase("application/xml", "x", ErrorKind.UnsupportedMediaType, "unsupported_media_type")]
    [TestCase(null, "{}", ErrorKind.UnsupportedMediaType, "unsupported_media_type")]
    [TestCase("application/yaml", "a: [", ErrorKind.Malformed, "malformed_yaml")]
    [TestCase("application/json", "{\"a\":1,\"a\":2}", ErrorKind.Malformed, "duplicate_key")]
    [TestCase("application/yaml", "a: 1\na: 2", ErrorKind.Malformed, "duplicate_key")]
    public void Refuses(string? mediaType, string body, ErrorKind kind, string code)
    {
        var error = DefinitionText.Read(Encoding.UTF8.GetBytes(body), mediaType).Error!;
        Assert.That((error.Kind, error.Code), Is.EqualTo((kind, code)));
    }

    static AgentDefinition Read(string text, string mediaType)
    {
        var problems = new List<FieldError>();
        var definition = DefinitionReader.Read(DefinitionText.Read(Encoding.UTF8.GetBytes(text), mediaType).Value, problems);
        Assert.That(problems, Is.Empty);
        return definition!;
    }
}
