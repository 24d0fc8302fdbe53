using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>One HTTP call, as the skill <c>http_request</c> makes it. Its <c>with</c> has the shape of <see cref="HttpRequestSchema"/>.</summary>
sealed record HttpRequestInput
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);
    public const int MaxRedirects = 5;

    /// <summary>After decompression. Larger answers belong in a file, not in a step's output.</summary>
    public const int MaxResponseSize = 5 * 1024 * 1024;
    public const int MaxBodySize = 5 * 1024 * 1024;
    public const int MaxHeaders = 64;
    public const int MaxHeaderValueLength = 8_192;

    public string Method { get; init; } = "GET";

    /// <summary>As the author wrote it; the egress guard judges it when the call is made.</summary>
    public required string Url { get; init; }

    /// <summary>Added to what the URL already has, in this order; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>What the body is when <see cref="Headers"/> do not say.</summary>
    public string? BodyType { get; init; }

    /// <summary>For everything together: name, connection, redirects, the last byte of the body.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    public ResponseFormat Response { get; init; } = ResponseFormat.Auto;

    /// <summary>0 to 5; with 0 a redirect is an answer like any other.</summary>
    public int FollowRedirects { get; init; } = MaxRedirects;

    public int MaxResponseBytes { get; init; } = MaxResponseSize;

    /// <summary>Statuses from 400 on that are answers and not errors.</summary>
    public IReadOnlySet<int> ExpectStatus { get; init; } = new HashSet<int>();

    /// <summary>The same for every attempt of one step. Sent with unsafe methods, unless the author set the header. Not from <c>with</c>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Hosts that may be called, redirects included; null: all that the egress guard lets through. Not from <c>with</c>.</summary>
    public Func<string, bool>? MayCall { get; init; }

    /// <summary>What the node's credential adds. Never leaves the first host, and wins over <see cref="Headers"/>. Not from <c>with</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> CredentialHeaders { get; init; } = [];

    /// <summary>Whose headers those are: it says to which hosts it may be sent. Not from <c>with</c>.</summary>
    public Secret? Credential { get; init; }

    /// <summary>Reads an evaluated <c>with</c> and reports every problem at once, with JSON pointers into it.</summary>
    public static bool TryRead(JsonElement with, out HttpRequestInput? input, out IReadOnlyList<FieldError> problems)
    {
        var reader = new HttpRequestInputReader();
        input = reader.Read(with);
        problems = reader.Problems;
        return input is not null;
    }
}

/// <summary>What the author wants the body as. <see cref="Auto"/> goes by the content type.</summary>
enum ResponseFormat
{
    Auto,
    Json,
    Text,
    Base64,
}
