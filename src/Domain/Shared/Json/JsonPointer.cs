namespace AgentPlatform.Domain.Shared.Json;

/// <summary>JSON pointers (RFC 6901) as plain strings: <c>""</c> is the whole document, <c>/nodes/0/id</c> a place in it.</summary>
public static class JsonPointer
{
    public static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0
            ? name
            : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The opposite of <see cref="Escape"/> for one segment. A <c>~</c> that starts no escape stays as it is.</summary>
    public static string Unescape(string segment) =>
        segment.Contains('~', StringComparison.Ordinal)
            ? segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : segment;

    public static string Append(string pointer, string name) => string.Concat(pointer, "/", Escape(name));

    public static string Append(string pointer, int index) => string.Create(null, $"{pointer}/{index}");
}
