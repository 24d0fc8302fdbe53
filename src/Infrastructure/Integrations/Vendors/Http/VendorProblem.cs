using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>Reads what a vendor says with an error: most put it under <c>error</c>, each in its own way, and the reason that matters here often stands only in the sentence.</summary>
static partial class VendorProblem
{
    const int MaxSaid = 500;

    public static ModelException Read(VendorEndpoint endpoint, HttpStatusCode status, byte[] body, TimeSpan? retryAfter)
    {
        var (code, said) = Parse(body);
        return Judge(endpoint, code, said) ?? ByStatus(endpoint, status, code, endpoint.Masked(said), retryAfter);
    }

    /// <summary>An error inside an answer whose status was good: in the middle of a stream there is no other way to say it.</summary>
    public static ModelException Read(VendorEndpoint endpoint, JsonElement error)
    {
        var (code, said) = Members(error);
        return Judge(endpoint, code, said) ?? code switch
        {
            "rate_limit_error" or "rate_limit_exceeded" => VendorErrors.Status(endpoint.Vendor, HttpStatusCode.TooManyRequests, endpoint.Masked(said), null),
            "authentication_error" or "permission_error" => VendorErrors.Status(endpoint.Vendor, HttpStatusCode.Unauthorized, endpoint.Masked(said), null),
            "invalid_request_error" => VendorErrors.Status(endpoint.Vendor, HttpStatusCode.BadRequest, endpoint.Masked(said), null),
            _ => new ModelException(VendorErrors.Status(endpoint.Vendor, HttpStatusCode.ServiceUnavailable, endpoint.Masked(said), null).Error) { MayFallBack = true, IsOutage = true, MayHaveCost = true },
        };
    }

    static ModelException? Judge(VendorEndpoint endpoint, string code, string said) =>
        code is "context_length_exceeded" or "string_above_max_length" or "max_character_limit_exceeded" || TooLong().IsMatch(said) ? VendorErrors.ContextTooLong(endpoint.Vendor, endpoint.Masked(said))
        : code is "content_filter" or "content_policy_violation" or "content_moderation" or "moderation_blocked" or "invalid_prompt" or "ResponsibleAIPolicyViolation" || Filtered().IsMatch(said)
            ? VendorErrors.ContentFiltered(endpoint.Vendor, endpoint.Masked(said))
        : code is "insufficient_quota" or "quota_exceeded" or "billing_hard_limit_reached" || NoMoney().IsMatch(said) ? VendorErrors.QuotaExhausted(endpoint.Vendor, endpoint.Masked(said))
        : null;

    static ModelException ByStatus(VendorEndpoint endpoint, HttpStatusCode status, string code, string said, TimeSpan? retryAfter) =>
        code is "model_not_found" or "DeploymentNotFound"
            ? VendorErrors.Status(endpoint.Vendor, HttpStatusCode.NotFound, said, retryAfter)
            : VendorErrors.Status(endpoint.Vendor, status, said, retryAfter);

    static (string Code, string Said) Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0 ? document.RootElement[0] : document.RootElement;
            return Members(Inner(root, "error") ?? Inner(root, "detail") ?? root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or nothing.
            return ("", Readable(Encoding.UTF8.GetString(body)));
        }
    }

    /// <summary>ElevenLabs has its errors under <c>detail</c>, which elsewhere is the sentence itself.</summary>
    static JsonElement? Inner(JsonElement root, string name) =>
        root.Member(name) is { } inner && (name == "error" || inner.ValueKind == JsonValueKind.Object) ? inner : null;

    static (string Code, string Said) Members(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return ("", Readable(error.ValueKind == JsonValueKind.String ? error.GetString()! : ""));
        }

        // Azure puts what its filter says one level deeper.
        var inner = error.TryGetProperty("innererror", out var deeper) && deeper.ValueKind == JsonValueKind.Object ? Text(deeper, "code") : null;
        var code = inner ?? Text(error, "code") ?? Text(error, "type") ?? Text(error, "status") ?? Text(error, "name") ?? "";
        return (code, Readable(Text(error, "message") ?? Text(error, "detail") ?? Text(error, "error") ?? (error.Member("errors") ?? error.Member("detail"))?.GetRawText() ?? ""));
    }

    static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    /// <summary>One line without control characters, cut to a length that an error can hold.</summary>
    static string Readable(string said)
    {
        var line = Unreadable().Replace(said.Length > 4 * MaxSaid ? said[..(4 * MaxSaid)] : said, " ").Trim();
        return line.Length > MaxSaid ? $"{line[..MaxSaid]}…" : line;
    }

    [GeneratedRegex(@"[\s\p{Cc}\p{Cs}\uFFFD]+")]
    private static partial Regex Unreadable();

    [GeneratedRegex("context (length|window)|maximum (context|prompt|input)|prompt is too long|input is too long|too many (input )?tokens|exceeds the (maximum|limit).{0,40}tokens|input token count", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex TooLong();

    [GeneratedRegex("content (management )?policy|content filter|usage polic|safety system|flagged", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Filtered();

    [GeneratedRegex("credit balance is too low|insufficient (credit|quota|balance)|exceeded your current quota|billing (hard )?limit", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex NoMoney();
}
