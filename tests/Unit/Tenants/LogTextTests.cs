using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class LogTextTests
{
    [TestCase("Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (X11; Linux)")]
    [TestCase("a\r\nadmin logged in", "a\\u000d\\u000aadmin logged in")]
    [TestCase("\u001b[2Jgone", "\\u001b[2Jgone")]
    [TestCase("nul\0", "nul\\u0000")]
    [TestCase("line\u2028separator", "line\\u2028separator")]
    [TestCase("turn\u202earound", "turn\\u202earound")]
    [TestCase("pair\ud83d\ude00", "pair\ud83d\ude00")]
    [TestCase("", "")]
    public void Stays_one_line_that_shows_what_was_sent(string sent, string logged) => Assert.That(LogText.OneLine(sent, 100), Is.EqualTo(logged));

    // Not a test case: an attribute's text is stored as UTF-8, which has no lone surrogates.
    [Test]
    public void A_lone_surrogate_is_written_out() => Assert.That(LogText.OneLine("lone" + (char)0xD800, 100), Is.EqualTo("lone\\ud800"));

    [Test]
    public void Nothing_stays_nothing() => Assert.That(LogText.OneLine(null, 10), Is.Null);

    [TestCase("0123456789abc", "0123456789")]
    [TestCase("012345678\u0001", "012345678")]
    [TestCase("012345678\ud83d\ude00", "012345678")]
    public void Is_cut_at_a_whole_character(string sent, string logged) => Assert.That(LogText.OneLine(sent, 10), Is.EqualTo(logged));
}
