using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Json;

public sealed class CanonicalJsonTests
{
    [TestCase("{ \"b\": 1, \"a\": [ true, null ] }", "{\"a\":[true,null],\"b\":1}")]
    [TestCase("{\"\\u20ac\":1,\"\\r\":2,\"1\":3,\"\\ud83d\\ude00\":4,\"\\ufb33\":5,\"\\u0080\":6}", "{\"\\r\":2,\"1\":3,\"\u0080\":6,\"€\":1,\"😀\":4,\"\ufb33\":5}")]
    [TestCase("\"\\u000f\\n\\/\\u0041\\u00e4\\\"\"", "\"\\u000f\\n/Aä\\\"\"")]
    public void Sorts_members_and_writes_the_fewest_escapes(string text, string canonical) =>
        Assert.That(Canonical(text), Is.EqualTo(canonical));

    [TestCase("1", "1")]
    [TestCase("1.0", "1")]
    [TestCase("1e0", "1")]
    [TestCase("10e-1", "1")]
    [TestCase("-0", "0")]
    [TestCase("-0.0e5", "0")]
    [TestCase("100", "100")]
    [TestCase("1E2", "100")]
    [TestCase("1.50", "1.5")]
    [TestCase("-12.340e1", "-123.4")]
    [TestCase("0.000001", "0.000001")]
    [TestCase("0.0000001", "1e-7")]
    [TestCase("123456789012345678901", "123456789012345678901")]
    [TestCase("1e20", "100000000000000000000")]
    [TestCase("1e21", "1e+21")]
    [TestCase("9007199254740993", "9007199254740993")]
    [TestCase("1234567890123456789012.5", "1.2345678901234567890125e+21")]
    public void Writes_the_exact_value_of_a_number_in_one_way(string text, string canonical) =>
        Assert.That(Canonical(text), Is.EqualTo(canonical));

    [Test]
    public void Hashes_equal_values_equally_and_others_differently()
    {
        var one = JsonElement.Parse("{\"a\":1.0,\"b\":\"\\u0041\"}");
        var same = JsonElement.Parse("{\"b\":\"A\",\"a\":1e0}");
        var other = JsonElement.Parse("{\"b\":\"A\",\"a\":\"1\"}");

        Assert.Multiple(() =>
        {
            Assert.That(CanonicalJson.Sha256Hex(one), Is.EqualTo(CanonicalJson.Sha256Hex(same)).And.Match("^[0-9a-f]{64}$"));
            Assert.That(CanonicalJson.Sha256Hex(one), Is.Not.EqualTo(CanonicalJson.Sha256Hex(other)));
        });
    }

    [Test]
    public void Is_a_fixed_point_and_means_the_same() =>
        Prop.ForAll(JsonSamples.Json.ToArbitrary(), text =>
        {
            var canonical = Canonical(text);
            Assert.That(Canonical(canonical), Is.EqualTo(canonical));
            Assert.That(JsonElement.DeepEquals(JsonElement.Parse(canonical), JsonElement.Parse(text)) || text.Contains("-0", StringComparison.Ordinal), Is.True, text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [TestCase("a/b~c", "/a~1b~0c")]
    [TestCase("", "/")]
    [TestCase("plain", "/plain")]
    public void Escapes_a_pointer_segment(string name, string pointer) => Assert.Multiple(() =>
    {
        Assert.That(JsonPointer.Append("", name), Is.EqualTo(pointer));
        Assert.That(JsonPointer.Unescape(pointer[1..]), Is.EqualTo(name));
        Assert.That(JsonPointer.Append(pointer, 3), Is.EqualTo(pointer + "/3"));
    });

    static string Canonical(string text) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonElement.Parse(text)));
}
