using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>The limits that the database's CHECKs hold as well, said first in the caller's terms.</summary>
static class McpRules
{
    public const int MaxServers = 200;

    const int MaxMetadata = 16 * 1024;

    public static readonly IReadOnlyList<string> Transports = ["http", "sse", "stdio"];

    public static IEnumerable<FieldError> Text(string pointer, string? text, int max)
    {
        if (text is not null && text.Length == 0)
        {
            yield return new FieldError(pointer, "too_short", "This may not be empty.");
        }
        else if (text?.EnumerateRunes().Count() > max)
        {
            yield return new FieldError(pointer, "too_long", $"This may have at most {max} characters.");
        }
    }

    /// <summary>A link for people: nothing but http and https, so that no page can be made to run a script by it.</summary>
    public static IEnumerable<FieldError> Link(string pointer, string? text) =>
        text is null ? []
        : text.Length <= 2048 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? []
        : [new FieldError(pointer, "invalid_url", "This is an absolute http or https URL of at most 2048 characters.")];

    public static IEnumerable<FieldError> Metadata(string pointer, JsonElement? metadata) =>
        metadata is { } given && (given.ValueKind is not JsonValueKind.Object || Encoding.UTF8.GetByteCount(given.GetRawText()) > MaxMetadata)
            ? [new FieldError(pointer, "wrong_type", $"This is an object of at most {MaxMetadata} bytes.")]
            : [];
}
