using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a trigger's input mapping may read of a delivery: <c>body</c>, <c>headers</c> (lower-case names) and <c>query</c>.</summary>
sealed class DeliveryScope(Datum body, Func<IEnumerable<KeyValuePair<string, string>>> headers, Func<IEnumerable<KeyValuePair<string, string>>> query) : IDatumObject
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal) { "body", "headers", "query" };

    /// <summary>What proves who the sender is never becomes data of a run.</summary>
    static readonly HashSet<string> Withheld = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "cookie", "proxy-authorization", "webhook-signature", "x-hub-signature", "x-hub-signature-256", "stripe-signature", "x-slack-signature", "x-csrf-token",
    };

    public IEnumerable<KeyValuePair<string, Datum>> Members =>
        Names.Select(name => KeyValuePair.Create(name, TryGet(name, out var value) ? value : default));

    public bool TryGet(string name, out Datum value)
    {
        value = name switch
        {
            "body" => body,
            "headers" => Texts(headers().Where(header => !Withheld.Contains(header.Key)).Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value))),
            "query" => Texts(query()),
            _ => default,
        };
        return Names.Contains(name);
    }

    static Datum Texts(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var members = new Dictionary<string, Datum>();
        foreach (var (name, text) in pairs)
        {
            // PostgreSQL's text cannot hold NUL; a header or query value with one is cut there like any other unreadable tail.
            members[name] = Datum.From(text.Replace("\0", "", StringComparison.Ordinal));
        }

        return Datum.FromObject(members);
    }
}
