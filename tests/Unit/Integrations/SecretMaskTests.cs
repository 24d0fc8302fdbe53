using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Integrations;

public sealed class SecretMaskTests
{
    // Built here, so that no file holds anything that looks like a secret.
    static readonly string Secret = string.Join('/', "Ca", "nary+", "=\"\\ü ", "42") + new string('q', 9);

    static readonly SecretMask Mask = Of(Secret);

    static IEnumerable<TestCaseData> Spellings()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        yield return new TestCaseData("raw", Secret);
        yield return new TestCaseData("another case", Secret.ToUpperInvariant());
        yield return new TestCaseData("base64", Convert.ToBase64String(bytes));
        yield return new TestCaseData("base64url", System.Buffers.Text.Base64Url.EncodeToString(bytes));
        foreach (var before in new[] { "x", "ab", "abc", "user:" })
        {
            yield return new TestCaseData($"base64 behind {before}", Convert.ToBase64String([.. Encoding.UTF8.GetBytes(before), .. bytes, .. "and more"u8]));
        }

        yield return new TestCaseData("hex", Convert.ToHexString(bytes));
        yield return new TestCaseData("hex in lower case", Convert.ToHexStringLower(bytes));
        yield return new TestCaseData("percent", Uri.EscapeDataString(Secret));
        yield return new TestCaseData("percent in lower case", Uri.EscapeDataString(Secret).ToLowerInvariant());
        yield return new TestCaseData("a form", System.Net.WebUtility.UrlEncode(Secret));
        yield return new TestCaseData("percent throughout", string.Concat(bytes.Select(b => $"%{b:X2}")));
        yield return new TestCaseData("JSON in a text", JsonSerializer.Serialize(Secret));
        yield return new TestCaseData("JSON with escaped slashes", Secret.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("/", "\\/"));
        yield return new TestCaseData("HTML", System.Net.WebUtility.HtmlEncode(Secret));
    }

    [TestCaseSource(nameof(Spellings))]
    public void Finds_a_secret_in_every_spelling(string name, string spelling)
    {
        var masked = Mask.Apply($"before {spelling} after");
        Assert.That(masked, Does.Contain(SecretMask.Hidden).And.StartsWith("before ").And.EndsWith(" after").And.Not.Contain("qqqqqqq"), name);
        Assert.That(masked, Does.Not.Contain(spelling));
    }

    [TestCaseSource(nameof(Spellings))]
    public void Finds_it_wherever_a_stream_is_cut(string name, string spelling)
    {
        var text = $"before {spelling} after";
        for (var cut = 1; cut < text.Length; cut++)
        {
            var stream = Mask.Stream();
            var shown = stream.Next(text[..cut]) + stream.Next(text[cut..]) + stream.End();
            Assert.That(shown, Is.EqualTo(Mask.Apply(text)), $"{name} cut at {cut}");
        }

        var letters = Mask.Stream();
        Assert.That(string.Concat(text.Select(c => letters.Next(c.ToString()))) + letters.End(), Is.EqualTo(Mask.Apply(text)), $"{name} letter by letter");
    }

    [Test]
    public void Hides_names_values_numbers_and_what_an_error_tells()
    {
        var mask = Of("12345678901");
        using var document = JsonDocument.Parse("""{"a":[1,{"12345678901":"x12345678901y"}],"n":12345678901,"b":true,"c":null}""");
        Assert.That(mask.Apply(Datum.From(document.RootElement)).ToJsonElement().GetRawText(), Is.EqualTo("""{"a":[1,{"***":"x***y"}],"n":"***","b":true,"c":null}"""));

        var error = mask.Apply(new SkillError("code", "It said 12345678901.", "4xx", false, Detail: document.RootElement));
        Assert.That(error.Message, Is.EqualTo("It said ***."));
        Assert.That(error.Detail!.Value.GetRawText(), Does.Not.Contain("12345678901"));
    }

    [Test]
    public void Leaves_alone_what_holds_no_secret_and_what_is_too_short_to_be_one()
    {
        using var document = JsonDocument.Parse("""{"a":["short",1]}""");
        Assert.That(Mask.TryMask(Datum.From(document.RootElement), out _), Is.False);
        Assert.That(SecretForms.Of(["short", ""]), Is.Null);
        Assert.That(new SecretMask().Apply(Secret), Is.EqualTo(Secret));
    }

    [Test]
    public void A_stream_shows_nothing_of_a_secret_whatever_the_text_and_the_cuts() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonEmptyString, string[], PositiveInt>((secret, around, size) =>
        {
            var value = secret.Get.Replace('*', 'x') + "0123456";
            var text = string.Join(value, around.Select(piece => piece ?? "").Append(""));
            var stream = Of(value).Stream();
            var shown = string.Concat(text.Chunk((size.Get % 7) + 1).Select(chunk => stream.Next(new string(chunk)))) + stream.End();
            return !shown.Contains(value, StringComparison.OrdinalIgnoreCase);
        }));

    static SecretMask Of(string secret)
    {
        var mask = new SecretMask();
        mask.Add(SecretForms.Of([secret]));
        return mask;
    }
}
