using AgentPlatform.Domain.Integrations.Mcp;

namespace AgentPlatform.Unit.Integrations;

public sealed class HiddenTextTests
{
    [TestCase("a\u200Bb", @"a\u{200B}b")]
    [TestCase("\u202Eevil", @"\u{202E}evil")]
    [TestCase("\u2066x\u2069", @"\u{2066}x\u{2069}")]
    [TestCase("a\u00ADb", @"a\u{00AD}b")]
    [TestCase("tag \U000E0041", @"tag \u{E0041}")]
    [TestCase("\uFEFFbom", @"\u{FEFF}bom")]
    [TestCase("esc\u001B[8m", @"esc\u{001B}[8m")]
    [TestCase("filler \u3164", @"filler \u{3164}")]
    [TestCase("selector \uFE01", @"selector \u{FE01}")]
    [TestCase("private \uE000", @"private \u{E000}")]
    [TestCase("line\u2028end", @"line\u{2028}end")]
    public void Is_written_out(string text, string shown) => Assert.That(HiddenText.Reveal(text), Is.EqualTo(shown));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("plain\ttext\r\nwith lines")]
    [TestCase("Grüße, 你好, שלום, 👍")]
    public void Plain_text_has_none(string? text) => Assert.That(HiddenText.Reveal(text), Is.Null);
}
