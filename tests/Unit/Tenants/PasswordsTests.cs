using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class PasswordsTests
{
    static readonly PasswordCost Cheap = new(1000, 2, TimeSpan.FromSeconds(30));

    [Test]
    public void The_default_cost_meets_the_floor()
    {
        Assert.That(PasswordCost.Default.Iterations, Is.GreaterThanOrEqualTo(210_000));
        Assert.That(PasswordCost.Default.Parallel, Is.InRange(1, Environment.ProcessorCount));
    }

    [Test]
    public async Task The_right_password_matches_and_a_wrong_one_does_not()
    {
        using var passwords = new Passwords(Cheap);
        var stored = (await passwords.Hash("correct horse", default)).Value;

        Assert.That((await passwords.Check(stored, "correct horse", default)).Value.IsRight, Is.True);
        Assert.That((await passwords.Check(stored, "correct horsf", default)).Value.IsRight, Is.False);
        Assert.That((await passwords.Check(null, "correct horse", default)).Value.IsRight, Is.False);
    }

    [Test]
    public async Task Nobody_shares_a_hash()
    {
        using var passwords = new Passwords(Cheap);

        var (mine, yours) = ((await passwords.Hash("same", default)).Value, (await passwords.Hash("same", default)).Value);

        Assert.That(mine, Is.Not.EqualTo(yours));
    }

    [Test]
    public async Task A_hash_of_cheaper_days_is_right_and_outdated()
    {
        using var yesterday = new Passwords(Cheap);
        using var today = new Passwords(Cheap with { Iterations = 2000 });
        var stored = (await yesterday.Hash("correct horse", default)).Value;

        Assert.That((await today.Check(stored, "correct horse", default)).Value, Is.EqualTo(new Application.Tenants.PasswordCheck(true, true)));
        Assert.That((await today.Check(stored, "wrong", default)).Value.IsOutdated, Is.False);
        Assert.That((await yesterday.Check(stored, "correct horse", default)).Value.IsOutdated, Is.False);
    }

    [TestCase("")]
    [TestCase("$pbkdf2-sha512$i=0$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("$pbkdf2-sha512$i=99999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("$pbkdf2-sha512$i=1000$AA==$AA==")]
    [TestCase("$argon2id$v=19$m=1,t=1,p=1$AA==$AA==")]
    public async Task What_is_no_hash_of_ours_matches_nothing(string stored)
    {
        using var passwords = new Passwords(Cheap);

        Assert.That((await passwords.Check(stored, "anything", default)).Value.IsRight, Is.False);
    }

    [Test]
    public async Task Who_finds_every_turn_taken_is_sent_away_with_a_time_to_come_back()
    {
        // One turn, held by a hash that takes far longer than anybody waits for it here.
        using var passwords = new Passwords(new PasswordCost(3_000_000, 1, TimeSpan.Zero));
        var holder = passwords.Hash("slow", default);
        var refused = await passwords.Hash("fast", default);

        Assert.That(refused.Error?.Code, Is.EqualTo("busy"));
        Assert.That(refused.Error?.RetryAfter, Is.Not.Null);
        Assert.That((await holder).IsOk, Is.True);
    }
}
