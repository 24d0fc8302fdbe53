using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>The sending side of <see cref="WebhookSignatures"/>: the headers that a receiver of the scheme expects.</summary>
public static class WebhookSigner
{
    /// <summary>Signs one delivery and names its headers.</summary>
    /// <param name="scheme">Any scheme but <see cref="SignatureScheme.None"/>, which gives no headers.</param>
    /// <param name="body">The bytes that will be sent.</param>
    /// <param name="keys">Decoded key bytes (<see cref="WebhookSecret.TryParse"/>), at least one; all of them sign where the scheme can carry
    /// several signatures (Standard, Stripe), the first one elsewhere.</param>
    /// <param name="now">The time to stamp.</param>
    /// <param name="deliveryId">1 to 255 printable ASCII characters, without a full stop for Standard; not sent by Stripe and Slack.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(
        SignatureScheme scheme, ReadOnlySpan<byte> body, IReadOnlyList<ReadOnlyMemory<byte>> keys, DateTimeOffset now, string deliveryId)
    {
        if (scheme == SignatureScheme.None)
            return [];
        if (keys.Count == 0)
            throw new ArgumentException("Signing needs a key.", nameof(keys));
        if (!WebhookSignatures.IsDeliveryId(deliveryId) || (scheme == SignatureScheme.Standard && deliveryId.Contains('.')))
            throw new ArgumentException("A delivery id is 1 to 255 printable ASCII characters, for Standard Webhooks without a full stop.", nameof(deliveryId));

        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        switch (scheme)
        {
            case SignatureScheme.Standard:
                var standard = new List<string>(keys.Count);
                foreach (var key in keys)
                    standard.Add("v1," + Convert.ToBase64String(Mac(key.Span, $"{deliveryId}.{timestamp}.", body)));
                return
                [
                    new(WebhookHeaders.Id, deliveryId),
                    new(WebhookHeaders.Timestamp, timestamp),
                    new(WebhookHeaders.Signature, string.Join(' ', standard)),
                ];
            case SignatureScheme.GitHub:
                return
                [
                    new(WebhookHeaders.GitHubDelivery, deliveryId),
                    new(WebhookHeaders.GitHubSignature, "sha256=" + Convert.ToHexStringLower(Mac(keys[0].Span, "", body))),
                ];
            case SignatureScheme.Stripe:
                var stripe = new StringBuilder($"t={timestamp}");
                foreach (var key in keys)
                    stripe.Append(",v1=").Append(Convert.ToHexStringLower(Mac(key.Span, $"{timestamp}.", body)));
                return [new(WebhookHeaders.StripeSignature, stripe.ToString())];
            case SignatureScheme.Slack:
                return
                [
                    new(WebhookHeaders.SlackTimestamp, timestamp),
                    new(WebhookHeaders.SlackSignature, "v0=" + Convert.ToHexStringLower(Mac(keys[0].Span, $"v0:{timestamp}:", body))),
                ];
            default:
                throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown signature scheme.");
        }
    }

    static byte[] Mac(ReadOnlySpan<byte> key, string prefix, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(prefix));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
