namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>The headers that a scheme needs, and no others: a struct, so that the intake's hot path allocates nothing to ask for them.</summary>
/// <param name="Signature">The header that carries the signature or signatures.</param>
/// <param name="Timestamp">The header with the Unix time in seconds, where it has one of its own.</param>
/// <param name="DeliveryId">The header that names the delivery, where the scheme has one.</param>
public readonly record struct SignatureHeaders(string? Signature, string? Timestamp = null, string? DeliveryId = null)
{
    /// <summary>Reads a scheme's headers. With a static lambda as <paramref name="read"/> nothing is allocated:
    /// <c>SignatureHeaders.Read(scheme, request.Headers, static (headers, name) =&gt; …)</c>. A repeated header must be joined or refused by
    /// the reader, never silently cut to its first value.</summary>
    public static SignatureHeaders Read<TSource>(SignatureScheme scheme, TSource source, Func<TSource, string, string?> read) => scheme switch
    {
        SignatureScheme.Standard => new(
            read(source, WebhookHeaders.Signature), read(source, WebhookHeaders.Timestamp), read(source, WebhookHeaders.Id)),
        SignatureScheme.GitHub => new(read(source, WebhookHeaders.GitHubSignature), DeliveryId: read(source, WebhookHeaders.GitHubDelivery)),
        SignatureScheme.Stripe => new(read(source, WebhookHeaders.StripeSignature)),
        SignatureScheme.Slack => new(read(source, WebhookHeaders.SlackSignature), read(source, WebhookHeaders.SlackTimestamp)),
        _ => default,
    };
}

/// <summary>Header names, as their owners document them.</summary>
public static class WebhookHeaders
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";
    public const string GitHubSignature = "X-Hub-Signature-256";
    public const string GitHubDelivery = "X-GitHub-Delivery";
    public const string StripeSignature = "Stripe-Signature";
    public const string SlackSignature = "X-Slack-Signature";
    public const string SlackTimestamp = "X-Slack-Request-Timestamp";
}
