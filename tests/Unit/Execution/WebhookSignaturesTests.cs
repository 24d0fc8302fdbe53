using System.Text;
using AgentPlatform.Domain.Execution.Webhooks;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution;

public sealed class WebhookSignaturesTests
{
    const string StandardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const string OtherStandardSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const string TextSecret = "a secret sentence for tests";
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    static readonly byte[] Body = """{"id":"evt_1","event_id":"Ev1","n":1}"""u8.ToArray();
    static readonly SignatureScheme[] Signed = [SignatureScheme.Standard, SignatureScheme.GitHub, SignatureScheme.Stripe, SignatureScheme.Slack];
    static readonly SignatureScheme[] Timed = [SignatureScheme.Standard, SignatureScheme.Stripe, SignatureScheme.Slack];

    /// <summary>Vectors that others published, or that another implementation computed.</summary>
    static IEnumerable<TestCaseData> PublishedVectors()
    {
        // The test suites of the Standard Webhooks reference libraries (github.com/standard-webhooks/standard-webhooks, libraries/*).
        yield return new TestCaseData(SignatureScheme.Standard, StandardSecret, """{"test": 2432232314}""", 1_614_265_330L,
            new SignatureHeaders("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "1614265330", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            "msg_p5jXN8AQM9LWM0D4loKWxJek").SetArgDisplayNames("standard");
        // docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation".
        yield return new TestCaseData(SignatureScheme.GitHub, "It's a Secret to Everybody", "Hello, World!", 1_614_265_330L,
            new SignatureHeaders("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", DeliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            "72d3162e-cc78-11e3-81ab-4c9367dc0958").SetArgDisplayNames("github");
        // docs.slack.dev, "Verifying requests from Slack", the worked example. The id is the digest of its form body, by sha256sum.
        yield return new TestCaseData(SignatureScheme.Slack, "8f742231b10e8888abcd99yyyzzz85a5",
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            1_531_420_618L,
            new SignatureHeaders("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", "1531420618"),
            "sha256:390eeeff8d0cb7c9f6ecf8a88c3df6452fea0914eb02f64844369f3758d8d330").SetArgDisplayNames("slack");
        // Stripe publishes no vector with its secret: this one is from openssl dgst -sha256 -hmac over "t.body".
        yield return new TestCaseData(SignatureScheme.Stripe, "whsec_stripe_endpoint_secret_0001", """{"id":"evt_1","object":"event"}""", 1_614_265_330L,
            new SignatureHeaders("t=1614265330,v1=928f9fc067150df3ded346b0156937936944b51094708cfc0a0eff0dc1b226a9,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"),
            "evt_1").SetArgDisplayNames("stripe");
    }

    [TestCaseSource(nameof(PublishedVectors))]
    public void Accepts_the_published_vector(
        SignatureScheme scheme, string secret, string body, long at, SignatureHeaders headers, string deliveryId)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(at);

        var verdict = WebhookSignatures.Verify(scheme, Encoding.UTF8.GetBytes(body), headers, Keys(scheme, secret), now);
        var tampered = WebhookSignatures.Verify(scheme, Encoding.UTF8.GetBytes(body + " "), headers, Keys(scheme, secret), now);

        Assert.That((verdict.Accepted, verdict.Code, verdict.DeliveryId), Is.EqualTo((true, (string?)null, deliveryId)));
        Assert.That(verdict.DeliveryIdIsSigned, Is.EqualTo(scheme != SignatureScheme.GitHub));
        Assert.That(tampered.Code, Is.EqualTo(WebhookRefusal.BadSignature));
    }

    [TestCaseSource(nameof(Signed))]
    public void Accepts_what_the_signer_signed(SignatureScheme scheme)
    {
        var verdict = Verify(scheme, Body, Sign(scheme, Body, Now, Secret(scheme)), Now, Secret(scheme));

        Assert.That(verdict.Code, Is.Null);
        Assert.That(verdict.DeliveryId, Is.EqualTo(scheme switch
        {
            SignatureScheme.Stripe => "evt_1",
            SignatureScheme.Slack => "Ev1",
            _ => "delivery_1",
        }));
    }

    [TestCaseSource(nameof(Signed))]
    public void Accepts_either_of_two_live_secrets_during_a_rotation(SignatureScheme scheme)
    {
        var (old, @new) = (Secret(scheme), OtherSecret(scheme));

        Assert.Multiple(() =>
        {
            Assert.That(Verify(scheme, Body, Sign(scheme, Body, Now, old), Now, old, @new).Accepted);
            Assert.That(Verify(scheme, Body, Sign(scheme, Body, Now, @new), Now, old, @new).Accepted);
            Assert.That(Verify(scheme, Body, Sign(scheme, Body, Now, old), Now, @new).Code, Is.EqualTo(WebhookRefusal.BadSignature));
        });
    }

    [TestCase(SignatureScheme.Standard)]
    [TestCase(SignatureScheme.Stripe)]
    public void Accepts_a_header_with_one_valid_signature_among_several(SignatureScheme scheme) =>
        Assert.That(Verify(scheme, Body, Sign(scheme, Body, Now, OtherSecret(scheme), Secret(scheme)), Now, Secret(scheme)).Accepted);

    [TestCaseSource(nameof(Timed))]
    public void Judges_the_timestamp_to_the_second(SignatureScheme scheme)
    {
        var secret = Secret(scheme);
        string? At(int offset) => Verify(scheme, Body, Sign(scheme, Body, Now.AddSeconds(offset), secret), Now, secret).Code;

        Assert.Multiple(() =>
        {
            Assert.That(At(-300), Is.Null);
            Assert.That(At(-301), Is.EqualTo(WebhookRefusal.StaleTimestamp));
            Assert.That(At(300), Is.Null);
            Assert.That(At(301), Is.EqualTo(WebhookRefusal.TimestampInFuture));
        });
    }

    [TestCaseSource(nameof(Signed))]
    public void Refuses_every_single_changed_byte_of_the_body(SignatureScheme scheme)
    {
        var headers = Sign(scheme, Body, Now, Secret(scheme));
        for (var i = 0; i < Body.Length; i++)
        {
            var changed = Body.ToArray();
            changed[i] ^= 1;
            Assert.That(Verify(scheme, changed, headers, Now, Secret(scheme)).Code, Is.EqualTo(WebhookRefusal.BadSignature), $"byte {i}");
        }
    }

    [TestCaseSource(nameof(Signed))]
    public void Keeps_the_delivery_id_when_the_sender_tries_again_later(SignatureScheme scheme)
    {
        var form = "a=1&b=2"u8.ToArray();
        foreach (var body in new[] { Body, form })
        {
            var first = Verify(scheme, body, Sign(scheme, body, Now, Secret(scheme)), Now, Secret(scheme));
            var second = Verify(scheme, body, Sign(scheme, body, Now.AddMinutes(2), Secret(scheme)), Now, Secret(scheme));
            Assert.That((first.Accepted, first.DeliveryId), Is.EqualTo((true, second.DeliveryId)));
        }
    }

    [TestCaseSource(nameof(Signed))]
    public void Refuses_when_the_trigger_has_no_live_secret(SignatureScheme scheme)
    {
        var headers = Sign(scheme, Body, Now, Secret(scheme));

        Assert.That(WebhookSignatures.Verify(scheme, Body, headers, [], Now).Code, Is.EqualTo(WebhookRefusal.NoLiveSecret));
        Assert.That(WebhookSignatures.Verify(scheme, Body, headers, [ReadOnlyMemory<byte>.Empty], Now).Code, Is.EqualTo(WebhookRefusal.NoLiveSecret));
    }

    [Test]
    public void Takes_unsigned_deliveries_only_for_a_trigger_without_secrets()
    {
        Assert.That(WebhookSignatures.Verify(SignatureScheme.None, Body, default, [], Now).Accepted);
        Assert.That(
            WebhookSignatures.Verify(SignatureScheme.None, Body, default, Keys(SignatureScheme.GitHub, TextSecret), Now).Code,
            Is.EqualTo(WebhookRefusal.MissingSignature));
    }

    [TestCaseSource(nameof(Signed))]
    public void Never_throws_and_never_accepts_whatever_the_headers_hold(SignatureScheme scheme)
    {
        var keys = Keys(scheme, Secret(scheme));
        var good = Sign(scheme, Body, Now, Secret(scheme));
        string[] seeds =
            ["", " ", good.Signature!, good.Timestamp ?? "", good.DeliveryId ?? "", "v1,", "v0=", "sha256=", "t=1,v1=", "\0", "é", new string('9', 20)];
        var any = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(n => n.Get);
        var text = Gen.OneOf(Gen.Elements(seeds), any, Gen.Elements(seeds).SelectMany(a => any.Select(b => a + b)));
        var headers = text.SelectMany(s => text.SelectMany(t => text.Select(i => new SignatureHeaders(s, t, i))));

        Prop.ForAll(headers.ToArbitrary(), h =>
        {
            var verdict = WebhookSignatures.Verify(scheme, Body, h, keys, Now);
            // The genuine signature is among the seeds; GitHub's id is the one header that may be anything.
            return !verdict.Accepted
                || (h.Signature!.Contains(good.Signature!, StringComparison.Ordinal)
                    && (good.Timestamp is null || good.Timestamp == h.Timestamp)
                    && (scheme == SignatureScheme.GitHub || good.DeliveryId is null || good.DeliveryId == h.DeliveryId));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    static string Secret(SignatureScheme scheme) => scheme == SignatureScheme.Standard ? StandardSecret : TextSecret;

    static string OtherSecret(SignatureScheme scheme) => scheme == SignatureScheme.Standard ? OtherStandardSecret : "another secret sentence";

    internal static IReadOnlyList<ReadOnlyMemory<byte>> Keys(SignatureScheme scheme, params string[] secrets) =>
        [.. secrets.Select(s => WebhookSecret.TryParse(scheme, s, out var key)
            ? (ReadOnlyMemory<byte>)key
            : throw new ArgumentException("Not a secret: " + s, nameof(secrets)))];

    static SignatureHeaders Sign(SignatureScheme scheme, byte[] body, DateTimeOffset at, params string[] secrets)
    {
        var sent = WebhookSigner.Sign(scheme, body, Keys(scheme, secrets), at, "delivery_1").ToDictionary(h => h.Key, h => h.Value);
        return SignatureHeaders.Read(scheme, sent, static (headers, name) => headers.GetValueOrDefault(name));
    }

    static WebhookVerdict Verify(SignatureScheme scheme, byte[] body, SignatureHeaders headers, DateTimeOffset now, params string[] secrets) =>
        WebhookSignatures.Verify(scheme, body, headers, Keys(scheme, secrets), now);
}
