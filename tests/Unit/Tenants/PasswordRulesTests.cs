using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class PasswordRulesTests
{
    [TestCase("correct horse battery staple")]
    [TestCase("kX9#vLq2")]
    [TestCase("nm7tgb4rw")]
    [TestCase("пароль для входа в дом")]
    [TestCase("quietly orange ladders")]
    public void Takes_what_is_not_guessed_first(string password) => Assert.That(PasswordRules.Check("/password", password), Is.Null);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("a1b2c3d")]
    public void Refuses_what_is_too_short(string? password) => Assert.That(PasswordRules.Check("/password", password)?.Code, Is.EqualTo("password_length"));

    [Test]
    public void Takes_256_characters_and_no_more()
    {
        var long256 = string.Concat(Enumerable.Range(0, 32).Select(i => $"{i * 7919 % 100_000_000:00000000}"));

        Assert.That(PasswordRules.Check("/password", long256), Is.Null);
        Assert.That(PasswordRules.Check("/password", long256 + "x")?.Code, Is.EqualTo("password_length"));
    }

    [TestCase("password")]
    [TestCase("Password1")]
    [TestCase("P@ssw0rd")]
    [TestCase("P@ssw0rd123!")]
    [TestCase("passwordpassword")]
    [TestCase("Summer2024!")]
    [TestCase("qwertyui")]
    [TestCase("qwerty123456")]
    [TestCase("12345678")]
    [TestCase("123456789")]
    [TestCase("87654321")]
    [TestCase("abcdefgh")]
    [TestCase("1q2w3e4r")]
    [TestCase("1qaz2wsx")]
    [TestCase("asdfghjkl")]
    [TestCase("aaaaaaaa")]
    [TestCase("abababab")]
    [TestCase("123123123")]
    [TestCase("19840607")]
    [TestCase("iloveyou1")]
    [TestCase("welcome123")]
    [TestCase("Admin@123")]
    [TestCase("letmein!!")]
    [TestCase("changeme1")]
    [TestCase("trustno1trustno1")]
    public void Refuses_what_is_guessed_first(string password) => Assert.That(PasswordRules.Check("/password", password)?.Code, Is.EqualTo("password_common"));

    [TestCase("ada.lovelace@example.com")]
    [TestCase("AdaLovelace1815")]
    [TestCase("ada lovelace")]
    [TestCase("acme-rockets")]
    public void Refuses_what_the_person_is_called(string password) =>
        Assert.That(PasswordRules.Check("/password", password, "ada.lovelace@example.com", "Ada Lovelace", "Acme Rockets")?.Code, Is.EqualTo("password_personal"));

    [Test]
    public void A_number_is_not_personal_because_it_has_no_letters() =>
        Assert.That(PasswordRules.Check("/password", "8305172946", "x@example.com")?.Code, Is.Not.EqualTo("password_personal"));
}
