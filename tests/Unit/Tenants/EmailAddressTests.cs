using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class EmailAddressTests
{
    [TestCase("ada@example.com")]
    [TestCase("  Ada@Example.COM ")]
    [TestCase("a.b+tag@sub.example.co.uk")]
    [TestCase("o'neil_99@xn--bcher-kva.example")]
    public void Takes_a_mailbox(string text) => Assert.That(EmailAddress.IsValid(text), Is.True);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("ada")]
    [TestCase("ada@")]
    [TestCase("@example.com")]
    [TestCase("ada@localhost")]
    [TestCase("ada@@example.com")]
    [TestCase("a b@example.com")]
    [TestCase(".ada@example.com")]
    [TestCase("ada.@example.com")]
    [TestCase("ada@-example.com")]
    [TestCase("ada@example.com\r\nBcc: eve@example.com")]
    [TestCase("ada@[127.0.0.1]")]
    [TestCase("\"ada\"@example.com")]
    [TestCase("аda@example.com")]
    public void Refuses_anything_else(string? text) => Assert.That(EmailAddress.IsValid(text), Is.False);

    [Test]
    public void Takes_254_characters_and_no_more()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 4));
        var longest = $"{new string('a', 254 - domain.Length - 1)}@{domain}";

        Assert.That(longest, Has.Length.EqualTo(254));
        Assert.That(EmailAddress.IsValid(longest), Is.True);
        Assert.That(EmailAddress.IsValid("a" + longest), Is.False);
    }

    [Test]
    public void Case_and_space_around_it_make_no_other_account() => Assert.That(EmailAddress.Normalize(" ADA@Example.com "), Is.EqualTo("ada@example.com"));
}
