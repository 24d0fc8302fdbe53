using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Integrations;

/// <summary>The parts of a secret, by name. It prints as nothing, so that no log that holds a request holds a secret.</summary>
public sealed partial class SecretFields(IReadOnlyDictionary<string, string> fields)
{
    public const int MaxFields = 16;
    public const int MaxValue = 16_384;
    public const int MaxBytes = 32_768;

    /// <summary>Shorter values would show too much of themselves by their last four characters.</summary>
    const int MinPreviewed = 12;
    const int PreviewLength = 4;

    /// <summary>What is told to everybody anyway, and so is not worth hiding where it comes back.</summary>
    static readonly FrozenSet<string> Open = FrozenSet.ToFrozenSet(
        ["username", "client_id", "account", "host", "port", "encryption", "from", "url", "base_url", "endpoint", "region", "token_type", "scope", "workspace", "project", "organization", "deployment", "api_version"]);

    static readonly Dictionary<string, string[]> Needed = new(StringComparer.Ordinal)
    {
        ["api_key"] = ["api_key"],
        ["bearer_token"] = ["token"],
        ["basic"] = ["username", "password"],
        ["oauth2"] = [],
    };

    public static IReadOnlyList<string> AuthTypes { get; } = ["api_key", "bearer_token", "basic", "oauth2"];

    public IReadOnlyDictionary<string, string> Values => fields;

    /// <summary>The values that nobody else may see.</summary>
    public static IEnumerable<string> Hidden(IReadOnlyDictionary<string, string> fields) => fields.Where(field => !Open.Contains(field.Key)).Select(field => field.Value);

    /// <summary>The end of the one value that people recognise it by; null where that would give too much away.</summary>
    public string? Preview(string authType)
    {
        var main = authType switch { "basic" => "password", "bearer_token" => "token", "oauth2" => "client_secret", _ => "api_key" };
        return fields.GetValueOrDefault(main) is { Length: >= MinPreviewed } value && Printable().IsMatch(value) ? value[^PreviewLength..] : null;
    }

    /// <summary>With these on top.</summary>
    public SecretFields With(IEnumerable<KeyValuePair<string, string>> more)
    {
        var all = new Dictionary<string, string>(fields, StringComparer.Ordinal);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return new SecretFields(all);
    }

    public IEnumerable<FieldError> Check(string authType)
    {
        if (fields.Count > MaxFields)
        {
            return [new FieldError("/secret", "too_many", $"A secret has at most {MaxFields} fields; this one has {fields.Count}.")];
        }

        var faults = new List<FieldError>();
        foreach (var (name, value) in fields)
        {
            if (!Name().IsMatch(name))
            {
                faults.Add(new FieldError("/secret", "invalid_name", "A field's name has 1 to 64 characters: a-z, 0-9 and underscores, beginning with a letter."));
            }
            else if (value is not { Length: >= 1 and <= MaxValue })
            {
                faults.Add(new FieldError($"/secret/{name}", "length", $"This has 1 to {MaxValue} characters."));
            }
            else if (IsSent(authType, name) && !Printable().IsMatch(value))
            {
                faults.Add(new FieldError($"/secret/{name}", "not_printable", "This is sent in a header: printable ASCII without spaces at its ends or control characters."));
            }
        }

        faults.AddRange(Needed.GetValueOrDefault(authType, []).Where(name => !fields.ContainsKey(name)).Select(name => new FieldError($"/secret/{name}", "required", $"A secret of this kind has {Article(name)}.")));
        if (fields.Sum(field => Encoding.UTF8.GetByteCount(field.Value ?? "")) > MaxBytes)
        {
            faults.Add(new FieldError("/secret", "too_large", $"A secret has at most {MaxBytes} bytes in all."));
        }

        return faults;
    }

    public override string ToString() => "…";

    static bool IsSent(string authType, string name) => (authType, name) is ("api_key", "api_key") or ("bearer_token", "token") or ("oauth2", "access_token");

    static string Article(string name) => name == "api_key" ? "an api_key" : $"a {name}";

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[!-~](?:[ -~]*[!-~])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Printable();
}
