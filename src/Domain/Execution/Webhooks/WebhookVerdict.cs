using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>What the signature check decided: accepted, with the idempotency key of the delivery, or refused, with a code of <see cref="WebhookRefusal"/>.</summary>
public readonly record struct WebhookVerdict
{
    WebhookVerdict(string? deliveryId, bool deliveryIdIsSigned, string? code)
    {
        DeliveryId = deliveryId;
        DeliveryIdIsSigned = deliveryIdIsSigned;
        Code = code;
        Accepted = code is null;
    }

    [MemberNotNullWhen(false, nameof(Code))]
    public bool Accepted { get; }

    /// <summary>1 to 255 printable ASCII characters that are the same for every attempt of one delivery. Null only for <see cref="SignatureScheme.None"/>.</summary>
    public string? DeliveryId { get; }

    /// <summary>False for GitHub, whose signature covers the body alone: whoever holds one signed body can send it again under
    /// another delivery id. A caller that must refuse that compares the body's digest as well.</summary>
    public bool DeliveryIdIsSigned { get; }

    /// <summary>Null when accepted.</summary>
    public string? Code { get; }

    internal static WebhookVerdict Accept(string? deliveryId, bool signed) => new(deliveryId, signed, code: null);

    internal static WebhookVerdict Refuse(string code) => new(deliveryId: null, deliveryIdIsSigned: false, code);
}

/// <summary>Why a delivery was refused. Every one of them is a 401 to the sender.</summary>
public static class WebhookRefusal
{
    public const string MissingSignature = "missing_signature";
    public const string MalformedSignature = "malformed_signature";
    public const string BadSignature = "bad_signature";
    public const string MissingTimestamp = "missing_timestamp";
    public const string MalformedTimestamp = "malformed_timestamp";
    public const string StaleTimestamp = "stale_timestamp";
    public const string TimestampInFuture = "timestamp_in_future";
    public const string MissingDeliveryId = "missing_delivery_id";
    public const string MalformedDeliveryId = "malformed_delivery_id";

    /// <summary>The trigger wants signatures, but no secret of it is alive.</summary>
    public const string NoLiveSecret = "no_live_secret";
}
