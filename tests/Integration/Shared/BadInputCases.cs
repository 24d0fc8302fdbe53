using System.Text;
using System.Text.Json.Nodes;

namespace AgentPlatform.Integration.Shared;

/// <summary>One way to spoil a request: its bytes and its media type.</summary>
/// <param name="Statuses">What may be answered.</param>
sealed record BadInputCase(string Name, Func<JsonObject, byte[]> Body, int[] Statuses, string MediaType = "application/json")
{
    public override string ToString() => Name;

    /// <summary>What no endpoint that reads JSON may take, made from the endpoint's own valid body.</summary>
    public static readonly BadInputCase[] All =
    [
        Text("an empty body", _ => "", 400),
        Text("white space", _ => " \n", 400),
        Text("malformed JSON", _ => "{\"a\":", 400),
        Text("a comment", _ => "{/* a */}", 400),
        Text("a trailing comma", valid => valid.ToJsonString()[..^1] + ",}", 400),
        Text("trailing data", valid => valid.ToJsonString() + "{}", 400),
        Text("single quotes", _ => "{'a':1}", 400),
        Text("a bare word", _ => "NaN", 400),
        Text("null", _ => "null", 422),
        Text("an array", _ => "[]", 422),
        Text("a text", _ => "\"text\"", 422),
        Text("a number", _ => "17", 422),
        Text("an unknown field", valid => With(valid, "surprise_field", 1).ToJsonString(), 422),
        Text("another spelling of a field", valid => Renamed(valid, name => name.ToUpperInvariant()), 422),
        Text("a field that only the server sets", valid => With(valid, "tenant_id", "00000000-0000-0000-0000-000000000000").ToJsonString(), 422),
        Text("a field twice", valid => $"{{\"{First(valid)}\":null,{valid.ToJsonString()[1..]}", 400),
        Text("a field twice, once escaped", valid => $"{{\"\\u{(int)First(valid)[0]:x4}{First(valid)[1..]}\":null,{valid.ToJsonString()[1..]}", 400),
        Text("depth 33", valid => With(valid, First(valid), Deep(32)).ToJsonString(Depth), 400),
        Text("depth 10 000", _ => $"{{\"a\":{new string('[', 10_000)}{new string(']', 10_000)}}}", 400),
        new("1 MiB and a byte", valid => Encoding.UTF8.GetBytes(valid.ToJsonString().PadRight((1024 * 1024) + 1)), [413]),
        new("3 MiB", valid => Encoding.UTF8.GetBytes(valid.ToJsonString().PadRight(3 * 1024 * 1024)), [413]),
        Text("an escaped NUL in a value", valid => ReplaceFirstText(valid, "a\\u0000b"), 400),
        Text("a raw NUL in a value", valid => ReplaceFirstText(valid, "a\0b"), 400),
        Text("an escaped NUL in a name", valid => $"{{\"a\\u0000\":1,{valid.ToJsonString()[1..]}", 400),
        Text("a lone high surrogate", valid => ReplaceFirstText(valid, "\\ud800"), 400),
        Text("a lone low surrogate", valid => ReplaceFirstText(valid, "\\udc00x"), 400),
        Text("surrogates the wrong way round", valid => ReplaceFirstText(valid, "\\ude00\\ud83d"), 400),
        new("bytes that are no UTF-8", valid => [.. Encoding.Latin1.GetBytes(ReplaceFirstText(valid, "caf\u00e9"))], [400]),
        new("overlong UTF-8", valid => Spliced(valid, [0xC0, 0x80]), [400]),
        new("a surrogate in UTF-8", valid => Spliced(valid, [0xED, 0xA0, 0x80]), [400]),
        new("a byte order mark", valid => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(valid.ToJsonString())], [400]),
        new("UTF-16", valid => Encoding.Unicode.GetBytes(valid.ToJsonString()), [400]),
        Text("1e400", valid => RawFirst(valid, "1e400"), 400),
        Text("-1e400", valid => RawFirst(valid, "-1e400"), 400),
        Text("a number of 200 digits", valid => RawFirst(valid, new string('9', 200)), 400),
        Text("a number that starts with 0", valid => RawFirst(valid, "01"), 400),
        Text("an infinite number", valid => RawFirst(valid, "Infinity"), 400),
        Text("100 001 values", valid => RawFirst(valid, $"[{string.Join(',', Enumerable.Repeat('1', 100_001))}]"), 400, 413, 422),
        new("a form", _ => "a=b"u8.ToArray(), [415], "application/x-www-form-urlencoded"),
        new("a multipart body", _ => "--x\r\n\r\n--x--"u8.ToArray(), [415], "multipart/form-data; boundary=x"),
        new("text", valid => Encoding.UTF8.GetBytes(valid.ToJsonString()), [415], "text/plain"),
        new("XML", _ => "<a/>"u8.ToArray(), [415], "application/xml"),
    ];

    static readonly System.Text.Json.JsonSerializerOptions Depth = new() { MaxDepth = 100 };

    static BadInputCase Text(string name, Func<JsonObject, string> text, params int[] statuses) => new(name, valid => Encoding.UTF8.GetBytes(text(valid)), statuses);

    static string First(JsonObject valid) => valid.First().Key;

    static JsonObject With(JsonObject valid, string name, JsonNode value)
    {
        var copy = valid.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    static string Renamed(JsonObject valid, Func<string, string> rename) =>
        new JsonObject(valid.Select(x => KeyValuePair.Create(rename(x.Key), x.Value?.DeepClone()))).ToJsonString();

    static JsonArray Deep(int levels) => levels == 1 ? [] : [Deep(levels - 1)];

    /// <summary>The first field's value is the text, as it is: the case's own escapes stay.</summary>
    static string ReplaceFirstText(JsonObject valid, string text) => RawFirst(valid, $"\"{text}\"");

    static string RawFirst(JsonObject valid, string json)
    {
        var rest = valid.DeepClone().AsObject();
        var first = First(valid);
        rest.Remove(first);
        return rest.Count == 0 ? $"{{\"{first}\":{json}}}" : $"{{\"{first}\":{json},{rest.ToJsonString()[1..]}";
    }

    static byte[] Spliced(JsonObject valid, byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(ReplaceFirstText(valid, "!"));
        var at = Array.IndexOf(text, (byte)'!');
        return [.. text[..at], .. bytes, .. text[(at + 1)..]];
    }
}
