using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Json;

/// <summary>Random JSON texts for property tests: any Unicode text without NUL, every kind of number spelling, nesting up to a few levels.</summary>
static class JsonSamples
{
    static readonly string[] Awkward =
    [
        "", " ", "null", "Null", "~", "true", "FALSE", "yes", "no", "on", "y", "1", "-1", "+1", "0x1F", "0o17", "007", "1_000", "1e3", ".5", "1.", ".inf", "-.INF", ".nan",
        "2024-01-01", "2024-01-01T10:00:00Z", "12:30", "1:30:00", "- a", "-", "--- a", "---", "...", "? a", "?", ": a", ":", "a: b", "a:", "a #b", "#a", "#", "@a", "`a`", "%a", "!a", "!!str a",
        "&a", "*a", "|", ">", "| a", "'", "\"", "'a'", "\"a\"", "it's", "a\"b", "[a]", "{a}", "{{a}}", "{{input.reader}} x", "a, b", "=", "=input.url", "==x", "=a == 'b'", "=a[?b > `1`] | [0]",
        " a", "a ", "a\t", "\ta", "a\tb", "a\nb", "a\nb\n", "a\n\nb\n", "a\n\n", "\n", "\n\n", "\na", " a\nb", "a\n b\n", "a\n  \nb", "a \nb\n", "a\n\tb\n", "a\r\nb", "a\rb", "- a\n- b\n", "---\nx\n", "# a\nb",
        "a: b\nc: d\n", "...\n", "a\u0085b", "a\u2028b", "a\u2029b\nc", "\uFEFFa", "a\uFEFF", "\u00A0a", "a\u0001b", "\u007F", "\u009F", "\uE000", "\uFFFD", "\uFFFE", "😀", "a😀\nb", "äöü ß", "日本語", "<<", "a\\b", "\\n",
        "Summarise for {{input.reader}}:\n{{fetch.body.text}}", "http://x/y?z=1#f", "key:value", "\b\f", "a/b~c", "10s", "5xx", "slack-post@1", "1.2.0", "slug@1.2.0", "3 items", "e3", "0b1", "1e", "--", "a -b", "true ", "NaN",
    ];

    static readonly string[] NumberTexts =
    [
        "0", "-0", "0.0", "1", "-1", "1.0", "1.00", "1e0", "1E5", "1e+5", "1.5e-7", "9007199254740993", "123456789012345678901234567890", "0.1", "-0.0001", "1e21", "1e22", "123.456e2", "9.99e307", "5e-324",
    ];

    public static Gen<string> Text => Gen.Frequency(
        (3, Gen.Elements(Awkward)),
        (3, ArbMap.Default.GeneratorFor<string?>().Select(Storable)),
        (1, Gen.Elements(Awkward).Two().Select(two => two.Item1 + two.Item2)),
        (1, Gen.Elements(Awkward).Two().Select(two => two.Item1 + "\n" + two.Item2)),
        (1, Gen.Choose(0, 0xFFFF).ListOf(3).Select(units => Storable(string.Concat(units.Select(u => (char)u))))));

    public static Gen<string> Number => Gen.Frequency(
        (2, Gen.Elements(NumberTexts)),
        (1, ArbMap.Default.GeneratorFor<long>().Select(n => n.ToString(CultureInfo.InvariantCulture))),
        (1, ArbMap.Default.GeneratorFor<double>().Where(d => double.IsFinite(d) && Math.Abs(d) < 1e308).Select(d => JsonSerializer.Serialize(d))));

    public static Gen<string> Json => Gen.Sized(size => Value(Math.Min(size / 10 + 1, 4)));

    public static string Quote(string text) => JsonSerializer.Serialize(text, Relaxed);

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static Gen<string> Value(int depth)
    {
        var scalar = Gen.Frequency((4, Text.Select(Quote)), (3, Number), (1, Gen.Elements("true", "false", "null")));
        if (depth == 0)
            return scalar;
        var array = Value(depth - 1).ListOf().Resize(4).Select(items => "[" + string.Join(',', items) + "]");
        var member = Gen.Zip(Text, Value(depth - 1));
        var members = member.ListOf().Resize(5).Select(all => all.DistinctBy(m => m.Item1).Select(m => $"{Quote(m.Item1)} : {m.Item2}"));
        return Gen.Frequency((2, scalar), (2, array), (3, members.Select(all => "{" + string.Join(", ", all) + "}")));
    }

    static string Storable(string? text)
    {
        // Rune enumeration turns lone surrogates into U+FFFD.
        var result = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (rune.Value != 0)
                result.Append(rune.ToString());
        }
        return result.ToString();
    }
}
