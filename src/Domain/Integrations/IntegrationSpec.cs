using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Integrations;

/// <summary>What an integration's <c>spec</c> says, read leniently: a platform row of a newer version may say more.</summary>
/// <param name="Hosts">Where its credentials may be sent.</param>
/// <param name="TestUrl">Answers 2xx to a good credential and changes nothing.</param>
/// <param name="OAuth">Null where nobody can consent.</param>
/// <param name="PathPrefix">Only the platform's own integrations have one: <c>/bot{token}</c>.</param>
public sealed partial record IntegrationSpec(IReadOnlyList<string> Hosts, CredentialHeader Header, string? TestUrl, OAuthSpec? OAuth, string? PathPrefix = null)
{
    public static readonly IntegrationSpec None = new([], new CredentialHeader(null, null), null, null);

    /// <summary>The prefix with the secret in it; null where there is none, or where the secret is not fit for a path.</summary>
    public string? PrefixOf(IReadOnlyDictionary<string, string> fields) =>
        PathPrefix is not null && fields.GetValueOrDefault("token") is { } token && InPath().IsMatch(token) ? PathPrefix.Replace("{token}", token, StringComparison.Ordinal) : null;

    public static IntegrationSpec Read(JsonElement? spec) =>
        spec is not { ValueKind: JsonValueKind.Object } document ? None
        : new(
            [.. Texts(document, "hosts").Where(HostPattern.IsValid)],
            new CredentialHeader(Text(document, "header"), Text(document, "prefix")),
            document.TryGetProperty("test", out var test) && test.ValueKind is JsonValueKind.Object ? Text(test, "url") : null,
            OAuthSpec.Read(document),
            Text(document, "path_prefix"));

    internal static string? Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    internal static IEnumerable<string> Texts(JsonElement document, string name) =>
        document.TryGetProperty(name, out var values) && values.ValueKind is JsonValueKind.Array
            ? values.EnumerateArray().Where(value => value.ValueKind is JsonValueKind.String).Select(value => value.GetString()!)
            : [];

    [GeneratedRegex(@"^[A-Za-z0-9:_-]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InPath();
}
