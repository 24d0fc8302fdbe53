namespace AgentPlatform.Domain.Execution.Webhooks;

/// <summary>How the sender of a webhook signs it. Stored as lower-case text: <c>standard</c>, <c>github</c>, <c>stripe</c>, <c>slack</c>, <c>none</c>.</summary>
public enum SignatureScheme
{
    /// <summary>standardwebhooks.com: <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
    Standard,

    /// <summary><c>X-Hub-Signature-256</c> over the body, <c>X-GitHub-Delivery</c> as the id; no timestamp.</summary>
    GitHub,

    /// <summary><c>Stripe-Signature: t=…,v1=…</c>; the event's id is in the signed body.</summary>
    Stripe,

    /// <summary><c>X-Slack-Signature: v0=…</c> with <c>X-Slack-Request-Timestamp</c>.</summary>
    Slack,

    /// <summary>Unsigned. Only for triggers without any secret.</summary>
    None,
}

/// <summary>The stored spelling of <see cref="SignatureScheme"/>.</summary>
public static class SignatureSchemes
{
    public static string ToText(this SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.Standard => "standard",
        SignatureScheme.GitHub => "github",
        SignatureScheme.Stripe => "stripe",
        SignatureScheme.Slack => "slack",
        SignatureScheme.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown signature scheme."),
    };

    public static bool TryParse(string? text, out SignatureScheme scheme)
    {
        (scheme, var known) = text switch
        {
            "standard" => (SignatureScheme.Standard, true),
            "github" => (SignatureScheme.GitHub, true),
            "stripe" => (SignatureScheme.Stripe, true),
            "slack" => (SignatureScheme.Slack, true),
            "none" => (SignatureScheme.None, true),
            _ => (SignatureScheme.Standard, false),
        };
        return known;
    }
}
