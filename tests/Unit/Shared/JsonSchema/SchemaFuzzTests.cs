using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Unit.Shared.JsonSchema;

/// <summary>Random schemas, half of them nonsense, against random instances: they are compiled or refused, and validation ends.</summary>
public sealed class SchemaFuzzTests
{
    static readonly string[] Words = ["a", "b", "c", "", "a/b", "#", "x~y", "$ref", "ä", "\\ud800"];
    static readonly string[] Patterns = ["^a", "b$", "(a+)+$", "[", "\\\\d", "(?=a)b", "\\\\p{L}", "^(a|b)*\\\\1", ".{2,}"];
    static readonly string[] References = ["#", "#/$defs/a", "#/$defs/b", "#x", "#/properties/a", "other.json", "#/$defs/a/items", "https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#", "urn:x:y", "::", "#%ZZ", "#/a~2"];
    static readonly string[] Schemas = ["not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "additionalItems"];
    static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
    static readonly string[] Maps = ["properties", "$defs", "dependentSchemas", "patternProperties", "definitions", "dependencies"];
    static readonly string[] Counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains", "minimum", "maximum", "exclusiveMinimum", "multipleOf"];
    static readonly string[] Numbers = ["0", "1", "2", "3.0", "0.5", "-1", "1e400", "1e-400", "12345678901234567890.5", "0.0001"];

    [Test]
    public void Never_throws_and_always_ends()
    {
        var random = new Random(20201207);
        var compiled = 0;
        var valid = 0;
        for (var i = 0; i < 3000; i++)
        {
            var schema = JsonElement.Parse(Schema(random, 3, sane: i % 4 != 0));
            if (!CompiledSchema.TryCompile(schema, out var validator, out var problems))
            {
                Assert.That(problems, Is.Not.Empty);
                continue;
            }
            compiled++;
            for (var j = 0; j < 5; j++)
            {
                var instance = JsonElement.Parse(Instance(random, 3));
                var isValid = validator!.IsValid(instance);
                Assert.That(validator.Validate(instance), isValid ? Is.Empty : Is.Not.Empty, schema.GetRawText());
                valid += isValid ? 1 : 0;
            }
        }

        // Both answers must have been given often, or the generator tests nothing.
        Assert.Multiple(() =>
        {
            Assert.That(compiled, Is.InRange(300, 2700));
            Assert.That(valid, Is.InRange(compiled / 2, compiled * 9 / 2));
        });
    }

    static string Schema(Random random, int depth, bool sane)
    {
        if (random.Next(8) == 0)
            return random.Next(3) > 0 ? "true" : "false";
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        if (depth == 3 && random.Next(4) == 0)
            members["$schema"] = "\"http://json-schema.org/draft-07/schema#\"";
        if (depth == 3)
            members["$defs"] = $"{{\"a\":{Schema(random, 1, sane)},\"b\":{Schema(random, 1, sane)}}}";
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var (name, value) = Keyword(random, depth, sane);
            members[name] = !sane && random.Next(10) == 0 ? Instance(random, 1) : value;
        }
        return "{" + string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}")) + "}";
    }

    static (string Name, string Value) Keyword(Random random, int depth, bool sane) => random.Next(12) switch
    {
        0 => ("type", Pick(random, "\"object\"", "\"array\"", "[\"integer\",\"string\"]", "\"number\"", "\"null\"")),
        1 => ("enum", $"[{Instance(random, 1)},{Instance(random, 1)}]"),
        2 => (Pick(random, Counts), Pick(random, sane ? ["1", "2", "3.0"] : Numbers)),
        3 => ("pattern", $"\"{Pick(random, sane ? ["^a", "b$", "."] : Patterns)}\""),
        4 => (Pick(random, "$ref", "$dynamicRef"), $"\"{Pick(random, sane ? References[1..3] : References)}\""),
        5 => ("required", $"[\"{Pick(random, Words[..3])}\"]"),
        6 => (Pick(random, "$anchor", "$dynamicAnchor", "$id"), $"\"{Pick(random, "x", "y", "urn:x:y")}\""),
        7 => ("uniqueItems", "true"),
        8 when depth > 0 => (Pick(random, Lists), $"[{Schema(random, depth - 1, sane)},{Schema(random, depth - 1, sane)}]"),
        9 when depth > 0 => (Pick(random, Maps), $"{{\"a\":{Schema(random, depth - 1, sane)},\"b\":{Schema(random, depth - 1, sane)}}}"),
        _ when depth > 0 => (Pick(random, Schemas), Schema(random, depth - 1, sane)),
        _ => ("title", "\"t\""),
    };

    static string Instance(Random random, int depth)
    {
        var text = new StringBuilder();
        switch (random.Next(depth > 0 ? 8 : 5))
        {
            case 0:
                return Pick(random, Numbers);
            case 1:
                return Pick(random, "true", "false", "null");
            case 2 or 3 or 4:
                return $"\"{Pick(random, Words)}{Pick(random, "", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "b")}\"";
            case 5:
                for (var n = random.Next(4); n > 0; n--)
                    text.Append(text.Length > 0 ? "," : "").Append(Instance(random, depth - 1));
                return $"[{text}]";
            default:
                foreach (var name in Words.Where(_ => random.Next(3) == 0))
                    text.Append(text.Length > 0 ? "," : "").Append($"\"{name}\":{Instance(random, depth - 1)}");
                return $"{{{text}}}";
        }
    }

    static string Pick(Random random, params string[] all) => all[random.Next(all.Length)];
}
