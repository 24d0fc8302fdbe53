using System.Globalization;
using System.Security.Cryptography;

namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>Checks the signature of an incoming webhook over its raw bytes. Pure; allocates nothing but a few short texts, and never throws
/// for anything that a sender can write.</summary>
/// <remarks>Sources: standardwebhooks.com (specification), docs.github.com "Validating webhook deliveries", docs.stripe.com "Verify webhook
/// signatures manually", docs.slack.dev "Verifying requests from Slack".</remarks>
public static class WebhookSignatures
{
    /// <summary>How far the sender's clock may be from ours, both ways, inclusive. What the reference libraries of all three timed schemes use.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Rotation needs two; more would only let a sender make us compute more.</summary>
    public const int MaxLiveSecrets = 4;

    const int MaxHeaderLength = 4_096;
    const int MaxSignatures = 16;
    const int MaxDeliveryIdLength = 255;
    const int MaxTimestampLength = 12;
    const int MacLength = HMACSHA256.HashSizeInBytes;

    /// <summary>Accepts or refuses one delivery.</summary>
    /// <param name="scheme">The trigger's scheme.</param>
    /// <param name="body">The bytes as they came over the wire, before any parsing.</param>
    /// <param name="headers">The scheme's headers.</param>
    /// <param name="liveSecrets">Decoded key bytes (<see cref="WebhookSecret.TryParse"/>); during a rotation both the old and the new one.</param>
    /// <param name="now">The time to judge timestamps by.</param>
    public static WebhookVerdict Verify(
        SignatureScheme scheme, ReadOnlySpan<byte> body, in SignatureHeaders headers, IReadOnlyList<ReadOnlyMemory<byte>> liveSecrets, DateTimeOffset now)
    {
        if (scheme == SignatureScheme.None)
        {
            // A trigger that has a secret was meant to be signed: a scheme set to "none" by mistake or by malice must not open it.
            return liveSecrets.Count == 0
                ? WebhookVerdict.Accept(deliveryId: null, signed: false)
                : WebhookVerdict.Refuse(WebhookRefusal.MissingSignature);
        }

        if (!HasUsableSecret(liveSecrets))
            return WebhookVerdict.Refuse(WebhookRefusal.NoLiveSecret);
        if (string.IsNullOrEmpty(headers.Signature))
            return WebhookVerdict.Refuse(WebhookRefusal.MissingSignature);
        if (headers.Signature.Length > MaxHeaderLength)
            return WebhookVerdict.Refuse(WebhookRefusal.MalformedSignature);

        return scheme switch
        {
            SignatureScheme.Standard => Standard(body, headers, liveSecrets, now),
            SignatureScheme.GitHub => GitHub(body, headers, liveSecrets),
            SignatureScheme.Stripe => Stripe(body, headers.Signature, liveSecrets, now),
            SignatureScheme.Slack => Slack(body, headers, liveSecrets, now),
            _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown signature scheme."),
        };
    }

    static WebhookVerdict Standard(
        ReadOnlySpan<byte> body, in SignatureHeaders headers, IReadOnlyList<ReadOnlyMemory<byte>> secrets, DateTimeOffset now)
    {
        if (CheckDeliveryId(headers.DeliveryId) is { } badId)
            return WebhookVerdict.Refuse(badId);
        // The signed text is "id.timestamp.body": a full stop in the id would let one signed text be read as another delivery.
        if (headers.DeliveryId!.Contains('.'))
            return WebhookVerdict.Refuse(WebhookRefusal.MalformedDeliveryId);
        if (CheckTimestamp(headers.Timestamp, now) is { } badTime)
            return WebhookVerdict.Refuse(badTime);

        var macs = new PresentedMacs(stackalloc byte[MaxSignatures * MacLength]);
        foreach (var range in headers.Signature.AsSpan().Split(' '))
        {
            var one = headers.Signature.AsSpan()[range];
            // Other versions (v1a is asymmetric) are for receivers that know them: the specification says to pass over them.
            if (one.StartsWith("v1,", StringComparison.Ordinal))
                macs.AddBase64(one[3..]);
        }

        return macs.Judge(body, secrets, $"{headers.DeliveryId}.{headers.Timestamp}.", headers.DeliveryId, idIsSigned: true);
    }

    static WebhookVerdict GitHub(ReadOnlySpan<byte> body, in SignatureHeaders headers, IReadOnlyList<ReadOnlyMemory<byte>> secrets)
    {
        if (CheckDeliveryId(headers.DeliveryId) is { } badId)
            return WebhookVerdict.Refuse(badId);

        var macs = new PresentedMacs(stackalloc byte[MacLength]);
        if (headers.Signature.AsSpan().StartsWith("sha256=", StringComparison.Ordinal))
            macs.AddHex(headers.Signature.AsSpan()["sha256=".Length..]);

        return macs.Judge(body, secrets, signedPrefix: "", headers.DeliveryId, idIsSigned: false);
    }

    static WebhookVerdict Stripe(ReadOnlySpan<byte> body, string header, IReadOnlyList<ReadOnlyMemory<byte>> secrets, DateTimeOffset now)
    {
        var macs = new PresentedMacs(stackalloc byte[MaxSignatures * MacLength]);
        string? timestamp = null;
        foreach (var range in header.AsSpan().Split(','))
        {
            var item = header.AsSpan()[range].Trim(' ');
            if (item.StartsWith("t=", StringComparison.Ordinal))
            {
                // Two times would leave it open which one was signed.
                if (timestamp is not null)
                    return WebhookVerdict.Refuse(WebhookRefusal.MalformedSignature);
                timestamp = item[2..].ToString();
            }
            // v0 is a test-mode signature that proves nothing; only v1 counts.
            else if (item.StartsWith("v1=", StringComparison.Ordinal))
            {
                macs.AddHex(item[3..]);
            }
        }

        if (CheckTimestamp(timestamp, now) is { } badTime)
            return WebhookVerdict.Refuse(badTime);
        return macs.Judge(body, secrets, $"{timestamp}.", deliveryId: null, idIsSigned: true, bodyIdProperty: "id");
    }

    static WebhookVerdict Slack(
        ReadOnlySpan<byte> body, in SignatureHeaders headers, IReadOnlyList<ReadOnlyMemory<byte>> secrets, DateTimeOffset now)
    {
        if (CheckTimestamp(headers.Timestamp, now) is { } badTime)
            return WebhookVerdict.Refuse(badTime);

        var macs = new PresentedMacs(stackalloc byte[MacLength]);
        if (headers.Signature.AsSpan().StartsWith("v0=", StringComparison.Ordinal))
            macs.AddHex(headers.Signature.AsSpan()[3..]);

        return macs.Judge(body, secrets, $"v0:{headers.Timestamp}:", deliveryId: null, idIsSigned: true, bodyIdProperty: "event_id");
    }

    internal static bool IsDeliveryId(string id)
    {
        if (id.Length is 0 or > MaxDeliveryIdLength)
            return false;
        foreach (var c in id)
        {
            if (c is < '!' or > '~')
                return false;
        }

        return true;
    }

    static string? CheckDeliveryId(string? id) =>
        string.IsNullOrEmpty(id) ? WebhookRefusal.MissingDeliveryId
        : !IsDeliveryId(id) ? WebhookRefusal.MalformedDeliveryId
        : null;

    static string? CheckTimestamp(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(text))
            return WebhookRefusal.MissingTimestamp;
        // Digits only: what was signed is the text, so a second spelling of the same moment has no place here.
        if (text.Length > MaxTimestampLength || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return WebhookRefusal.MalformedTimestamp;

        var age = now.ToUnixTimeSeconds() - seconds;
        var tolerance = (long)Tolerance.TotalSeconds;
        return age > tolerance ? WebhookRefusal.StaleTimestamp
            : age < -tolerance ? WebhookRefusal.TimestampInFuture
            : null;
    }

    static bool HasUsableSecret(IReadOnlyList<ReadOnlyMemory<byte>> secrets)
    {
        for (var i = 0; i < secrets.Count; i++)
        {
            if (secrets[i].Length > 0)
                return true;
        }

        return false;
    }
}
