using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Shared.Yaml;
using AgentPlatform.Unit.Shared.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Yaml;

public sealed class YamlDocumentsTests
{
    [Test]
    public void Reads_back_any_json_that_it_wrote() =>
        Prop.ForAll(JsonSamples.Json.ToArbitrary(), text =>
        {
            var json = JsonElement.Parse(text);
            var yaml = YamlDocuments.Write(json);

            using var read = Read(yaml);

            Assert.That(Compact(read.RootElement), Is.EqualTo(Compact(json)), yaml);
            Assert.That(CanonicalJson.Sha256Hex(read.RootElement), Is.EqualTo(CanonicalJson.Sha256Hex(json)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Test]
    public void Writes_a_definition_as_a_person_would()
    {
        const string Definition = """
            {"name":"triage","version":"1.2.0","on":true,"temperature":0.0,"tags":[],"nodes":[
            {"id":"fetch","with":{"url":"=input.url","say":"{{input.x}} hi","note":"a: b"},"retry":{"on":["timeout","5xx","429"],"initial":"200ms"}},
            {"id":"sum","with":{"prompt":"Summarise:\n{{fetch.body.text}}\n"}}],"edges":[{"from":"fetch","to":"sum","when":"sum.ok == 'yes'"}],"no":null}
            """;

        Assert.That(YamlDocuments.Write(JsonElement.Parse(Definition)), Is.EqualTo("""
            name: triage
            version: "1.2.0"
            "on": true
            temperature: 0.0
            tags: []
            nodes:
              - id: fetch
                with:
                  url: =input.url
                  say: "{{input.x}} hi"
                  note: "a: b"
                retry:
                  "on":
                    - timeout
                    - 5xx
                    - "429"
                  initial: 200ms
              - id: sum
                with:
                  prompt: |
                    Summarise:
                    {{fetch.body.text}}
            edges:
              - from: fetch
                to: sum
                when: sum.ok == 'yes'
            "no": null

            """));
    }

    [TestCase('*')]
    [TestCase('&')]
    [TestCase('!')]
    public void Reads_back_a_key_that_looks_like_an_alias_or_a_tag_after_its_space(char sign)
    {
        var json = JsonSerializer.SerializeToElement(new Dictionary<string, double> { [$"a {sign}b"] = 3.07, ["c"] = -0.5 });

        Assert.That(YamlDocuments.TryRead(YamlDocuments.Write(json), out var read, out _), Is.True);
        Assert.That(JsonElement.DeepEquals(read!.RootElement, json), Is.True);
    }

    [TestCase("a: ~", "{\"a\":null}")]
    [TestCase("a:", "{\"a\":null}")]
    [TestCase("[Null, NULL, null, True, FALSE, nUll]", "[null,null,null,true,false,\"nUll\"]")]
    [TestCase("[yes, no, on, off, y, 2024-01-01, 1_000, 12:30, 0b1, 1e, +, 0x, 0o8, 0xG]", "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"2024-01-01\",\"1_000\",\"12:30\",\"0b1\",\"1e\",\"\\u002B\",\"0x\",\"0o8\",\"0xG\"]")]
    [TestCase("[1, -1, +1, 007, 0x1F, 0o17, 1.0, 1.50, .5, 1., -.5e3, 1E+5, -0, 9007199254740993]", "[1,-1,1,7,31,15,1.0,1.50,0.5,1,-0.5e3,1E+5,-0,9007199254740993]")]
    [TestCase("['1', \"true\", 'null', '']", "[\"1\",\"true\",\"null\",\"\"]")]
    [TestCase("[!!str 1, !!int 7, !!float 1.5, !!bool true, !!null ~, ! 5, !!seq [], !!map {}]", "[\"1\",7,1.5,true,null,\"5\",[],{}]")]
    [TestCase("1: a\ntrue: b\n", "{\"1\":\"a\",\"true\":\"b\"}")]
    [TestCase("a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]", "{\"a\":{\"b\":[1,2]},\"c\":{\"b\":[1,2]},\"d\":[{\"b\":[1,2]},{\"b\":[1,2]}]}")]
    [TestCase("{\"a\": [1, \"\\u00e4\\ud83d\\ude00\", {\"b\": null}], \"c/d\": \"x\\/y\"}", "{\"a\":[1,\"ä😀\",{\"b\":null}],\"c/d\":\"x/y\"}")]
    [TestCase("%YAML 1.2\n---\na: |\n  x\n   y\nb: >\n  x\n  y\nc: 'it''s'\n...\n", "{\"a\":\"x\\n y\\n\",\"b\":\"x y\\n\",\"c\":\"it's\"}")]
    [TestCase("--- text\n", "\"text\"")]
    [TestCase("\uFEFFa: 1", "{\"a\":1}")]
    [TestCase("? a\n: 1", "{\"a\":1}")]
    public void Reads_the_core_schema(string yaml, string json)
    {
        using var read = Read(yaml);

        Assert.That(Compact(read.RootElement), Is.EqualTo(Compact(JsonElement.Parse(json))));
    }

    [TestCase("", "empty_body", "", 1, 1)]
    [TestCase("# only a comment\n", "empty_body", "", 2, 1)]
    [TestCase("a: 1\n--- \nb: 2", "multiple_documents", "", 2, 1)]
    [TestCase("a: 1\nb: 2\na: 3", "duplicate_key", "/a", 3, 1)]
    [TestCase("a:\n  - x: 1\n    \"x\": 2", "duplicate_key", "/a/0/x", 3, 5)]
    [TestCase("a: !!binary aGk=", "unsupported_tag", "/a", 1, 4)]
    [TestCase("a: !custom x", "unsupported_tag", "/a", 1, 4)]
    [TestCase("a: !!int x", "unsupported_tag", "/a", 1, 4)]
    [TestCase("a: !!python/object {}", "unsupported_tag", "/a", 1, 4)]
    [TestCase("? [a]\n: 1", "unsupported_key", "", 1, 3)]
    [TestCase("? {a: 1}\n: 1", "unsupported_key", "", 1, 3)]
    [TestCase("a: &x 1\n*x : 2", "unsupported_key", "", 2, 1)]
    [TestCase("{: 1}", "unsupported_key", "", 1, 2)]
    [TestCase("a: &x {b: 1}\nc:\n  <<: *x", "unsupported_alias", "/c", 3, 3)]
    [TestCase("a: *nope", "unsupported_alias", "/a", 1, 4)]
    [TestCase("a: &x [1, *x]", "unsupported_alias", "/a/1", 1, 11)]
    [TestCase("a: .inf", "unsupported_number", "/a", 1, 4)]
    [TestCase("a: -.INF", "unsupported_number", "/a", 1, 4)]
    [TestCase("a: [.nan]", "unsupported_number", "/a/0", 1, 5)]
    [TestCase("a: 1e400", "number_out_of_range", "/a", 1, 4)]
    [TestCase("a: \"x\\0\"", "nul_character", "/a", 1, 4)]
    [TestCase("a: \"\\uD800\"", "malformed_yaml", "", 1, 4)]
    [TestCase("a: [1", "malformed_yaml", "", 2, 1)]
    [TestCase("a: b: c", "malformed_yaml", "", 1, 5)]
    [TestCase("a: \"\\U00FFFFFF\"", "malformed_yaml", "", 1, 4)]
    [TestCase("a: 'open", "malformed_yaml", "", 1, 4)]
    public void Refuses_with_a_code_and_a_place(string yaml, string code, string pointer, int line, int column)
    {
        var problem = Refused(yaml);

        Assert.Multiple(() =>
        {
            Assert.That((problem.Code, problem.Pointer), Is.EqualTo((code, pointer)), problem.Message);
            Assert.That(problem.Message, Does.Contain($"(line {line}, column {column})."));
        });
    }

    [Test]
    public void Does_not_repeat_a_huge_tag_in_its_message() =>
        Assert.That(Refused("a: !" + new string('t', 100_000) + " x").Message, Has.Length.LessThan(300));

    [Test]
    public void Refuses_half_a_surrogate_pair() =>
        Assert.That(Refused("a: [x, " + '\uD83D' + "y]"), Has.Property("Code").EqualTo("lone_surrogate").And.Property("Pointer").EqualTo("/a/1"));

    [Test]
    public void Counts_the_offset_in_bytes() => Assert.That(Refused("ä: 1\nä: 2").Offset, Is.EqualTo(6));

    [TestCase(32, null)]
    [TestCase(33, "too_deep")]
    [TestCase(5000, "too_deep")]
    public void Accepts_a_depth_of_32(int depth, string? code) => Assert.Multiple(() =>
    {
        Assert.That(CodeOf(new string('[', depth) + new string(']', depth)), Is.EqualTo(code));
        Assert.That(CodeOf(string.Concat(Enumerable.Repeat("- ", depth - 1)) + "[]"), Is.EqualTo(code));
    });

    [Test]
    public void Counts_the_depth_of_an_alias()
    {
        var tail = new string('[', 31) + "*x" + new string(']', 31);

        Assert.Multiple(() =>
        {
            Assert.That(CodeOf($"[&x [], {tail[1..^1]}]"), Is.Null);
            Assert.That(CodeOf($"[&x [[]], {tail[1..^1]}]"), Is.EqualTo("too_deep"));
            Assert.That(CodeOf($"[&y [&x [[]], {tail[2..^2]}], *y]"), Is.EqualTo("too_deep"));
        });
    }

    [Test]
    public void Refuses_a_billion_laughs()
    {
        var bomb = new StringBuilder("a0: &a0 \"" + new string('x', 2000) + "\"\n");
        for (var i = 1; i < 10; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var wide = "a: &a [" + string.Join(',', Enumerable.Repeat("1", 1000)) + "]\nb: [" + string.Join(", ", Enumerable.Repeat("*a", 1000)) + "]";

        Assert.Multiple(() =>
        {
            Assert.That(CodeOf(bomb.ToString()), Is.EqualTo("too_large"));
            Assert.That(CodeOf(wide), Is.EqualTo("too_many_values"));
        });
    }

    [TestCase(0, null)]
    [TestCase(1, "too_large")]
    public void Accepts_one_mebibyte(int more, string? code)
    {
        var yaml = '"' + new string('a', StrictJson.MaxBytes - 2 + more) + '"';

        Assert.Multiple(() =>
        {
            Assert.That(CodeOf(yaml), Is.EqualTo(code));
            Assert.That(YamlDocuments.TryRead(Encoding.UTF8.GetBytes(yaml), out var document, out _), Is.EqualTo(code is null));
            document?.Dispose();
        });
    }

    [Test]
    public void Refuses_bytes_that_are_not_utf8() => Assert.Multiple(() =>
    {
        Assert.That(YamlDocuments.TryRead(new byte[] { (byte)'a', 0xC3 }, out _, out var problem), Is.False);
        Assert.That(problem!.Code, Is.EqualTo("invalid_utf8"));
    });

    [Test]
    public void Keeps_keys_of_any_length()
    {
        var json = JsonElement.Parse($$$"""{"{{{new string('k', 3000)}}}":{"a":1},"x":{"{{{new string('ß', 1020)}}}":[1,"two"]}}""");

        using var read = Read(YamlDocuments.Write(json));

        Assert.That(Compact(read.RootElement), Is.EqualTo(Compact(json)));
    }

    [Test]
    public void Never_throws_on_mutated_text()
    {
        var random = new Random(41);
        const string Seed = "%YAML 1.2\n---\na: &x [1, 'b', \"\\u0041\", {c: ~}]\nd: |\n  text\n   more\n? k\n: >-\n  fold\n  ed\ne: *x\nf: !!str 1\n\"g\": - 1\n# end\n";
        const string Marks = "[]{}:,-?&*!|>'\"%@`#\n\t \\~<0u\0\uD800\u2028é";
        for (var i = 0; i < 10_000; i++)
        {
            var text = new StringBuilder(Seed);
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                else
                    text.Insert(at, Marks[random.Next(Marks.Length)]);
            }
            if (YamlDocuments.TryRead(text.ToString(), out var document, out var problem))
            {
                using (document)
                    CanonicalJson.Write(document!.RootElement);
            }
            else
            {
                Assert.That(problem!.Code, Is.Not.Empty);
            }
        }
    }

    static JsonDocument Read(string yaml)
    {
        Assert.That(YamlDocuments.TryRead(yaml, out var document, out var problem), Is.True, $"{problem}\n{yaml}");
        return document!;
    }

    static JsonProblem Refused(string yaml)
    {
        Assert.That(YamlDocuments.TryRead(yaml, out var document, out var problem), Is.False, document?.RootElement.GetRawText());
        return problem!;
    }

    static string? CodeOf(string yaml)
    {
        if (!YamlDocuments.TryRead(yaml, out var document, out var problem))
            return problem!.Code;
        document!.Dispose();
        return null;
    }

    /// <summary>Text with number spellings and member order kept, white space and escapes not.</summary>
    static string Compact(JsonElement value) => JsonSerializer.Serialize(value);
}
