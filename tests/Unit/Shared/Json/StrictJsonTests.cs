using System.Text;
using AgentPlatform.Domain.Shared.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Json;

public sealed class StrictJsonTests
{
    [TestCase("", "empty_body", "", 0)]
    [TestCase(" \r\n\t", "empty_body", "", 0)]
    [TestCase("{", "malformed_json", "", 1)]
    [TestCase("{\"a\": [1, 2,, 3]}", "malformed_json", "/a", 12)]
    [TestCase("{\"a\": {\"b\": tru}}", "malformed_json", "/a/b", 15)]
    [TestCase("[1,\n2,\n!]", "malformed_json", "", 7)]
    [TestCase("{'a': 1}", "malformed_json", "", 1)]
    [TestCase("[1,]", "malformed_json", "", 3)]
    [TestCase("{\"a\":1,}", "malformed_json", "", 7)]
    [TestCase("[1] // why", "trailing_data", "", 4)]
    [TestCase("[/* why */ 1]", "malformed_json", "", 1)]
    [TestCase("01", "malformed_json", "", 1)]
    [TestCase("NaN", "malformed_json", "", 0)]
    [TestCase("\uFEFF{}", "malformed_json", "", 0)]
    [TestCase("{} {}", "trailing_data", "", 3)]
    [TestCase("1 2", "trailing_data", "", 2)]
    [TestCase("{\"a\":1,\"b\":{\"x\":1,\"x\":2}}", "duplicate_key", "/b/x", 18)]
    [TestCase("{\"a\":1,\"\\u0061\":2}", "duplicate_key", "/a", 7)]
    [TestCase("{\"a\":[{},{\"\":1,\"\":2}]}", "duplicate_key", "/a/1/", 15)]
    [TestCase("{\"a/b\":[0,\"x\\u0000\"]}", "nul_character", "/a~1b/1", 12)]
    [TestCase("{\"x\\u0000\":1}", "nul_character", "/x\0", 3)]
    [TestCase("[\"a\0b\"]", "nul_character", "", 3)]
    [TestCase("[\"a\",\"\\ud800\"]", "lone_surrogate", "/1", 6)]
    [TestCase("[\"\\ud800\\ud800\"]", "lone_surrogate", "/0", 2)]
    [TestCase("[\"\\udc00\\ud800\"]", "lone_surrogate", "/0", 2)]
    [TestCase("[\"\\ud800\\n\"]", "lone_surrogate", "/0", 2)]
    [TestCase("{\"\\ud800\":1}", "lone_surrogate", "/\\ud800", 2)]
    [TestCase("{\"a\":1e400}", "number_out_of_range", "/a", 5)]
    [TestCase("[1e308]", "number_out_of_range", "/0", 1)]
    [TestCase("[-1E308]", "number_out_of_range", "/0", 1)]
    [TestCase("[1e-400]", "number_out_of_range", "/0", 1)]
    [TestCase("[0e9999999999999999999]", "number_out_of_range", "/0", 1)]
    public void Refuses_with_a_code_and_a_place(string text, string code, string pointer, int offset)
    {
        var problem = Refused(Encoding.UTF8.GetBytes(text));

        Assert.That((problem.Code, problem.Pointer, problem.Offset), Is.EqualTo((code, pointer, (long)offset)), problem.Message);
    }

    [TestCase(new byte[] { (byte)'[', (byte)'"', 0xC3, (byte)'"', (byte)']' }, 2)]
    [TestCase(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1)]
    [TestCase(new byte[] { 0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0 }, 0)]
    [TestCase(new byte[] { (byte)'{', 0, (byte)'}', 0 }, 0)]
    [TestCase(new byte[] { 0, (byte)'{', 0, (byte)'}' }, 0)]
    public void Refuses_what_is_not_utf8(byte[] bytes, int offset)
    {
        var problem = Refused(bytes);

        Assert.That((problem.Code, problem.Offset), Is.EqualTo(("invalid_utf8", (long)offset)));
    }

    [TestCase(31, true)]
    [TestCase(32, true)]
    [TestCase(33, false)]
    [TestCase(10_000, false)]
    public void Accepts_a_depth_of_32(int depth, bool accepted)
    {
        var arrays = new string('[', depth) + new string(']', depth);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

        Assert.Multiple(() =>
        {
            Assert.That(CodeOf(arrays), Is.EqualTo(accepted ? null : "too_deep"));
            Assert.That(CodeOf(objects), Is.EqualTo(accepted ? null : "too_deep"));
        });
    }

    [Test]
    public void Names_the_place_of_the_level_too_many() =>
        Assert.That(Refused("{\"a\":[0,[1]]}"u8.ToArray(), maxDepth: 2), Has.Property("Pointer").EqualTo("/a/1").And.Property("Offset").EqualTo(8));

    [TestCase(-1, true)]
    [TestCase(0, true)]
    [TestCase(1, false)]
    public void Accepts_one_mebibyte(int more, bool accepted)
    {
        var text = '"' + new string('a', StrictJson.MaxBytes - 2 + more) + '"';

        Assert.That(CodeOf(text), Is.EqualTo(accepted ? null : "too_large"));
    }

    [TestCase(10_000, null)]
    [TestCase(10_001, "too_many_values")]
    public void Limits_the_members_of_an_object(int members, string? code) =>
        Assert.That(CodeOf("[{\"a\":1},{" + string.Join(',', Enumerable.Range(0, members).Select(i => $"\"{i}\":{i}")) + "}]"), Is.EqualTo(code));

    [TestCase(99_999, null)]
    [TestCase(100_000, "too_many_values")]
    public void Limits_the_values_of_a_document(int items, string? code) =>
        Assert.That(CodeOf("[" + string.Join(',', Enumerable.Repeat("1", items)) + "]"), Is.EqualTo(code));

    [TestCase(99, null)]
    [TestCase(100, null)]
    [TestCase(101, "number_out_of_range")]
    [TestCase(200, "number_out_of_range")]
    public void Limits_the_digits_of_a_number(int digits, string? code) => Assert.Multiple(() =>
    {
        Assert.That(CodeOf(new string('7', digits)), Is.EqualTo(code));
        Assert.That(CodeOf("-0.00" + new string('7', digits)), Is.EqualTo(code));
        Assert.That(CodeOf("7." + new string('7', digits - 1) + "e3"), Is.EqualTo(code));
    });

    [TestCase("9.99e307")]
    [TestCase("0e5")]
    [TestCase("5e-324")]
    [TestCase("1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Accepts_numbers_that_fit(string text) => Assert.That(CodeOf(text), Is.Null);

    [TestCase("\"\\ud83d\\ude00\\n\\u00e4\"", "😀\nä")]
    [TestCase("\"\\\\u0000\"", "\\u0000")]
    [TestCase(" \"ok\"\n", "ok")]
    public void Reads_escapes(string text, string value)
    {
        Assert.That(StrictJson.TryParse(Encoding.UTF8.GetBytes(text), out var document, out _), Is.True);
        using (document)
            Assert.That(document!.RootElement.GetString(), Is.EqualTo(value));
    }

    [Test]
    public void Accepts_any_json_and_keeps_it() =>
        Prop.ForAll(JsonSamples.Json.ToArbitrary(), text =>
        {
            Assert.That(StrictJson.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var problem), Is.True, problem?.ToString());
            using (document)
                Assert.That(document!.RootElement.GetRawText(), Is.EqualTo(text.Trim()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void Never_throws_on_mutated_bytes()
    {
        var random = new Random(20261122);
        var seeds = new[]
        {
            "{\"a\":[1,2.5e3,\"x\\u0041\\ud83d\\ude00\",null,true],\"b\":{\"c\":\"ä\",\"d\":[[],{}]},\"a2\":-0.0}",
            "[[[[[{\"k\":\"v\"}]]]],1e300,\"\\n\\t\\\\\"]",
            "{\"nodes\":[{\"id\":\"a\",\"with\":{\"url\":\"=input.url\"}}],\"edges\":[]}",
        }.Select(Encoding.UTF8.GetBytes).ToArray();
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Mutate(seeds[i % seeds.Length], random);
            if (!StrictJson.TryParse(bytes, out var document, out var problem))
            {
                Assert.That(problem!.Offset, Is.InRange(0, bytes.Length));
                continue;
            }
            accepted++;
            using (document)
            {
                // What was accepted can be read to the last string: that is the promise.
                CanonicalJson.Write(document!.RootElement);
            }
        }
        Assert.That(accepted, Is.InRange(100, 19_000));
    }

    static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, "{}[]\",:\\u0e-"u8[random.Next(12)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }
        return [.. bytes];
    }

    static JsonProblem Refused(byte[] bytes, int maxDepth = StrictJson.MaxDepth)
    {
        Assert.That(StrictJson.TryParse(bytes, out var document, out var problem, maxDepth), Is.False);
        Assert.That(document, Is.Null);
        return problem!;
    }

    static string? CodeOf(string text)
    {
        if (!StrictJson.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var problem))
            return problem!.Code;
        document!.Dispose();
        return null;
    }
}
