using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class SessionTokenTests
{
    [Test]
    public void Reads_back_with_the_same_hash()
    {
        var token = SessionToken.Create();

        Assert.That(SessionToken.TryRead(token.Text, out var read), Is.True);
        Assert.That(read!.Hash, Is.EqualTo(token.Hash));
        Assert.That(read.CsrfToken, Is.EqualTo(token.CsrfToken));
    }

    [Test]
    public void Every_token_is_another_one() =>
        Assert.That(Enumerable.Range(0, 1000).Select(_ => SessionToken.Create().Text).Distinct().Count(), Is.EqualTo(1000));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("short")]
    [TestCase("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void Refuses_what_is_no_token(string? text) => Assert.That(SessionToken.TryRead(text, out _), Is.False);

    [Test]
    public void Knows_its_own_csrf_token_only()
    {
        var (mine, other) = (SessionToken.Create(), SessionToken.Create());

        Assert.That(mine.IsCsrfToken(mine.CsrfToken), Is.True);
        Assert.That(mine.IsCsrfToken(other.CsrfToken), Is.False);
        Assert.That(mine.IsCsrfToken(mine.Text), Is.False);
        Assert.That(mine.IsCsrfToken(null), Is.False);
        Assert.That(mine.IsCsrfToken(""), Is.False);
    }
}
