using AgentPlatform.Domain.Execution.Webhooks;
using static AgentPlatform.Domain.Execution.Webhooks.SignatureScheme;
using static AgentPlatform.Domain.Execution.Webhooks.WebhookRefusal;

namespace AgentPlatform.Unit.Execution;

/// <summary>Deliveries that someone without the secret could send, or that carry the right secret in the wrong way: each is refused with its code.</summary>
public sealed class WebhookForgeriesTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    static readonly byte[] Body = """{"id":"evt_1"}"""u8.ToArray();
    static readonly Dictionary<SignatureScheme, string> Secrets = new()
    {
        [Standard] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        [GitHub] = "It's a Secret to Everybody",
        [Stripe] = "whsec_stripe_endpoint_secret_0001",
        [Slack] = "8f742231b10e8888abcd99yyyzzz85a5",
    };

    static readonly string Zeros64 = new('0', 64);

    static IEnumerable<TestCaseData> Forgeries()
    {
        static TestCaseData Case(string name, SignatureScheme scheme, string code, Func<SignatureHeaders, SignatureHeaders> change) =>
            new TestCaseData(scheme, code, change).SetArgDisplayNames(scheme.ToText(), name);

        foreach (var scheme in new[] { Standard, GitHub, Stripe, Slack })
        {
            yield return Case("no signature", scheme, MissingSignature, h => h with { Signature = null });
            yield return Case("empty signature", scheme, MissingSignature, h => h with { Signature = "" });
            yield return Case("blank signature", scheme, scheme == Stripe ? MissingTimestamp : MalformedSignature, h => h with { Signature = " " });
            yield return Case("5 000 characters of signature", scheme, MalformedSignature, h => h with { Signature = new string('a', 5_000) });
            yield return Case("a genuine signature behind 4 096 others", scheme, MalformedSignature,
                h => h with { Signature = string.Concat(Enumerable.Repeat("v1,x ", 1_000)) + h.Signature });
            yield return Case("last character changed", scheme, scheme == Standard ? MalformedSignature : BadSignature,
                h => h with { Signature = h.Signature![..^1] + (h.Signature[^1] == '0' ? '1' : '0') });
            yield return Case("last character missing", scheme, MalformedSignature, h => h with { Signature = h.Signature![..^1] });
            yield return Case("one character more", scheme, MalformedSignature, h => h with { Signature = h.Signature + "0" });
        }

        foreach (var scheme in new[] { Standard, Slack })
        {
            yield return Case("no timestamp", scheme, MissingTimestamp, h => h with { Timestamp = null });
            foreach (var text in new[] { "soon", "1700000000.0", "+1700000000", "-1700000000", " 1700000000", "1700000000 ", "0x6553f100", "1e9", "9223372036854775808", "1700000000\n", "１７００００００００" })
                yield return Case("timestamp " + text.Trim(), scheme, MalformedTimestamp, h => h with { Timestamp = text });
            yield return Case("a timestamp in milliseconds", scheme, MalformedTimestamp, h => h with { Timestamp = "1700000000000" });
            yield return Case("timestamp 0", scheme, StaleTimestamp, h => h with { Timestamp = "0" });
            yield return Case("aged, with its own signature replayed", scheme, StaleTimestamp, h => h with { Timestamp = "1699999000" });
            yield return Case("freshened timestamp on an old signature", scheme, BadSignature, h => h with { Timestamp = "1700000001" });
            yield return Case("a leading zero in the timestamp", scheme, BadSignature, h => h with { Timestamp = "01700000000" });
        }

        yield return Case("no id", Standard, MissingDeliveryId, h => h with { DeliveryId = null });
        yield return Case("another id", Standard, BadSignature, h => h with { DeliveryId = "msg_2" });
        yield return Case("an id with a full stop", Standard, MalformedDeliveryId, h => h with { DeliveryId = "msg_1.1700000000" });
        foreach (var scheme in new[] { Standard, GitHub })
        {
            yield return Case("an id of 256 characters", scheme, MalformedDeliveryId, h => h with { DeliveryId = new string('a', 256) });
            yield return Case("an id with a control character", scheme, MalformedDeliveryId, h => h with { DeliveryId = "msg\n1" });
            yield return Case("an id with a space", scheme, MalformedDeliveryId, h => h with { DeliveryId = "msg 1" });
            yield return Case("an id outside ASCII", scheme, MalformedDeliveryId, h => h with { DeliveryId = "mśg" });
        }

        yield return Case("no id", GitHub, MissingDeliveryId, h => h with { DeliveryId = null });
        yield return Case("the SHA-1 header's value", GitHub, MalformedSignature, h => h with { Signature = "sha1=" + h.Signature![7..47] });
        yield return Case("bare hex", GitHub, MalformedSignature, h => h with { Signature = h.Signature![7..] });
        yield return Case("upper-case algorithm", GitHub, MalformedSignature, h => h with { Signature = "SHA256=" + h.Signature![7..] });
        yield return Case("all zeros", GitHub, BadSignature, h => h with { Signature = "sha256=" + Zeros64 });
        yield return Case("not hex", GitHub, MalformedSignature, h => h with { Signature = "sha256=" + new string('g', 64) });
        yield return Case("two joined headers", GitHub, MalformedSignature, h => h with { Signature = h.Signature + "," + h.Signature });

        yield return Case("without its version", Standard, MalformedSignature, h => h with { Signature = h.Signature![3..] });
        yield return Case("as version v2", Standard, MalformedSignature, h => h with { Signature = "v2" + h.Signature![2..] });
        yield return Case("as the asymmetric version", Standard, MalformedSignature, h => h with { Signature = "v1a" + h.Signature![2..] });
        yield return Case("in hex", Standard, MalformedSignature,
            h => h with { Signature = "v1," + Convert.ToHexStringLower(Convert.FromBase64String(h.Signature![3..])) });
        yield return Case("as the seventeenth signature", Standard, BadSignature,
            h => h with { Signature = string.Concat(Enumerable.Repeat($"v1,{Convert.ToBase64String(new byte[32])} ", 16)) + h.Signature });
        yield return Case("with white space inside", Standard, MalformedSignature, h => h with { Signature = h.Signature!.Insert(10, "\t") });

        yield return Case("no time", Stripe, MissingTimestamp, h => h with { Signature = h.Signature![h.Signature!.IndexOf("v1", StringComparison.Ordinal)..] });
        yield return Case("two times", Stripe, MalformedSignature, h => h with { Signature = "t=1700000001," + h.Signature });
        yield return Case("an aged time", Stripe, StaleTimestamp, h => h with { Signature = h.Signature!.Replace("1700000000", "1699999000") });
        yield return Case("a freshened time", Stripe, BadSignature, h => h with { Signature = h.Signature!.Replace("1700000000", "1700000001") });
        yield return Case("a time that is text", Stripe, MalformedTimestamp, h => h with { Signature = h.Signature!.Replace("1700000000", "now") });
        yield return Case("only the test-mode v0", Stripe, MalformedSignature, h => h with { Signature = h.Signature!.Replace("v1=", "v0=") });
        yield return Case("all zeros", Stripe, BadSignature, _ => new("t=1700000000,v1=" + Zeros64));

        yield return Case("as version v1", Slack, MalformedSignature, h => h with { Signature = h.Signature!.Replace("v0=", "v1=") });
        yield return Case("bare hex", Slack, MalformedSignature, h => h with { Signature = h.Signature![3..] });
        yield return Case("all zeros", Slack, BadSignature, h => h with { Signature = "v0=" + Zeros64 });
    }

    [TestCaseSource(nameof(Forgeries))]
    public void Refuses(SignatureScheme scheme, string code, Func<SignatureHeaders, SignatureHeaders> change)
    {
        var keys = WebhookSignaturesTests.Keys(scheme, Secrets[scheme]);
        var sent = WebhookSigner.Sign(scheme, Body, keys, Now, "msg_1").ToDictionary(h => h.Key, h => h.Value);
        var headers = SignatureHeaders.Read(scheme, sent, static (all, name) => all.GetValueOrDefault(name));
        Assert.That(WebhookSignatures.Verify(scheme, Body, headers, keys, Now).Accepted, "the untouched delivery is good");

        Assert.That(WebhookSignatures.Verify(scheme, Body, change(headers), keys, Now).Code, Is.EqualTo(code));
    }

    [Test]
    public void Refuses_a_body_that_was_parsed_and_written_again(
        [Values("{ \"id\":\"evt_1\"}", "{\"id\":\"evt_1\"}\r\n", "\uFEFF{\"id\":\"evt_1\"}", "")] string rewritten,
        [Values(Standard, GitHub, Stripe, Slack)] SignatureScheme scheme)
    {
        var keys = WebhookSignaturesTests.Keys(scheme, Secrets[scheme]);
        var sent = WebhookSigner.Sign(scheme, Body, keys, Now, "msg_1").ToDictionary(h => h.Key, h => h.Value);
        var headers = SignatureHeaders.Read(scheme, sent, static (all, name) => all.GetValueOrDefault(name));

        var verdict = WebhookSignatures.Verify(scheme, System.Text.Encoding.UTF8.GetBytes(rewritten), headers, keys, Now);

        Assert.That(verdict.Code, Is.EqualTo(BadSignature));
    }

    [Test]
    public void Refuses_to_read_a_signed_body_as_another_delivery()
    {
        // "msg_1" + "." + "1700000000" + "." + body: a body that itself starts with a time and a full stop must not become one.
        var keys = WebhookSignaturesTests.Keys(Standard, Secrets[Standard]);
        var body = "1700000005.5"u8.ToArray();
        var sent = WebhookSigner.Sign(Standard, body, keys, Now, "msg_1").ToDictionary(h => h.Key, h => h.Value);
        var shifted = new SignatureHeaders(sent[WebhookHeaders.Signature], "1700000005", "msg_1.1700000000");

        Assert.That(WebhookSignatures.Verify(Standard, "5"u8, shifted, keys, Now).Code, Is.EqualTo(MalformedDeliveryId));
    }
}
