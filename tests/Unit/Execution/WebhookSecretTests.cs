using AgentPlatform.Domain.Execution.Webhooks;

namespace AgentPlatform.Unit.Execution;

public sealed class WebhookSecretTests
{
    [Test]
    public void Generates_a_different_secret_each_time_that_every_scheme_can_carry()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSecret.Generate()).ToHashSet();

        Assert.That(secrets, Has.Count.EqualTo(100));
        foreach (var secret in secrets)
        {
            Assert.That(WebhookSecret.TryParse(SignatureScheme.Standard, secret, out var key));
            Assert.That(key, Has.Length.EqualTo(32));
            Assert.That(WebhookSecret.TryParse(SignatureScheme.GitHub, secret, out _));
        }
    }

    [TestCase(23, false)]
    [TestCase(24, true)]
    [TestCase(64, true)]
    [TestCase(65, false)]
    public void Takes_standard_secrets_of_24_to_64_bytes(int length, bool accepted)
    {
        var base64 = Convert.ToBase64String(new byte[length]);

        Assert.That(WebhookSecret.TryParse(SignatureScheme.Standard, "whsec_" + base64, out var key), Is.EqualTo(accepted));
        Assert.That(key, Has.Length.EqualTo(accepted ? length : 0));
        Assert.That(WebhookSecret.TryParse(SignatureScheme.Standard, base64, out _), Is.EqualTo(accepted), "the prefix is optional");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("whsec_")]
    [TestCase("whsec_not base64 at all, not at all")]
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8I\nLPZIo2LaLaSw")]
    [TestCase("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Refuses_what_is_no_standard_secret(string? text) =>
        Assert.That(WebhookSecret.TryParse(SignatureScheme.Standard, text, out _), Is.False);

    [TestCase("fifteen letters", false)]
    [TestCase("sixteen letters!", true)]
    [TestCase(" leading space is an accident", false)]
    [TestCase("trailing space is an accident ", false)]
    [TestCase("no\ncontrol characters", false)]
    [TestCase("nothing but ÄSCII here", false)]
    public void Takes_vendors_secrets_as_printable_text(string text, bool accepted) =>
        Assert.That(WebhookSecret.TryParse(SignatureScheme.Slack, text, out _), Is.EqualTo(accepted));

    [TestCase("standard")]
    [TestCase("github")]
    [TestCase("stripe")]
    [TestCase("slack")]
    [TestCase("none")]
    public void Stores_schemes_as_lower_case_text(string text)
    {
        Assert.That(SignatureSchemes.TryParse(text, out var scheme));
        Assert.That(scheme.ToText(), Is.EqualTo(text));
    }

    [TestCase("Standard")]
    [TestCase("")]
    [TestCase(null)]
    [TestCase("0")]
    public void Refuses_other_spellings_of_a_scheme(string? text) => Assert.That(SignatureSchemes.TryParse(text, out _), Is.False);
}
