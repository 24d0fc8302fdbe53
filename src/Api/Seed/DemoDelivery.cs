using AgentPlatform.Application.Tenants;

namespace AgentPlatform.Api.Seed;

/// <summary>One line for a shell that signs a delivery as its sender would, sends it and shows the run's output. It needs curl and openssl.</summary>
static class DemoDelivery
{
    public static string Command(string url, string tenant, DemoWebhook webhook, string body)
    {
        var send = $"curl -sS '{url}/hooks/{tenant}/{webhook.Path}?wait=true' -H 'content-type: application/json' -d \"$body\"";
        return webhook.Signature switch
        {
            "github" => $"body={Quote(body)}; {send} -H \"x-github-delivery: demo-$RANDOM$RANDOM\" -H \"x-hub-signature-256: sha256=$(printf %s \"$body\" | openssl dgst -sha256 -hmac {Quote(webhook.Secret)} -r | cut -d' ' -f1)\"; echo",
            "standard" => $"body={Quote(body)}; id=msg_$RANDOM$RANDOM; at=$(date +%s); key=$(printf %s {Quote(webhook.Secret["whsec_".Length..])} | openssl base64 -d -A | od -An -tx1 | tr -d ' \\n'); "
                + $"{send} -H \"webhook-id: $id\" -H \"webhook-timestamp: $at\" -H \"webhook-signature: v1,$(printf %s \"$id.$at.$body\" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | openssl base64 -A)\"; echo",
            var other => throw new ArgumentException($"No demo webhook is signed as {other}.", nameof(webhook)),
        };
    }

    static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
