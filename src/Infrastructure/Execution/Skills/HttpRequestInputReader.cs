using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Reads a <c>with</c> into a <see cref="HttpRequestInput"/>. A null counts as absent, because that is what an expression without a result gives.</summary>
sealed class HttpRequestInputReader
{
    static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    readonly List<FieldError> _problems = [];

    public IReadOnlyList<FieldError> Problems => _problems;

    public HttpRequestInput? Read(JsonElement with)
    {
        if (with.ValueKind != JsonValueKind.Object)
        {
            Add("", "wrong_type", "Give an object with at least a url.");
            return null;
        }

        // Checked once for all: a lone surrogate anywhere would make reading that text throw.
        if (!StorableJson.Check(JsonMarshal.GetRawUtf8Value(with)))
        {
            Add("", "invalid_text", "Remove NUL characters, lone surrogates and numbers beyond the range of a double.");
            return null;
        }

        var input = new HttpRequestInput { Url = "" };
        foreach (var property in with.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null || property.Name == "url")
                input = Apply(input, property.Name, property.Value);
        }

        if (!with.TryGetProperty("url", out _))
            Add("/url", "required", "Give the url to call.");
        return _problems.Count == 0 ? input : null;
    }

    HttpRequestInput Apply(HttpRequestInput input, string name, JsonElement value)
    {
        switch (name)
        {
            case "method":
                return input with { Method = OneOf("/method", value, Methods) ?? input.Method };
            case "url":
                return input with { Url = Text("/url", value, EgressPolicy.MaxUrlLength) ?? "" };
            case "query":
                return input with { Query = Query(value) };
            case "headers":
                return input with { Headers = Headers(value) };
            case "body":
                return Body(input, value);
            case "body_base64":
                return BodyBase64(input, value);
            case "timeout":
                return input with { Timeout = Timeout(value) };
            case "response":
                return OneOf("/response", value, ["auto", "json", "text", "base64"]) is { } format
                    ? input with { Response = Enum.Parse<ResponseFormat>(format, ignoreCase: true) }
                    : input;
            case "follow_redirects" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return input with { FollowRedirects = value.GetBoolean() ? HttpRequestInput.MaxRedirects : 0 };
            case "follow_redirects":
                return input with { FollowRedirects = Integer("/follow_redirects", value, 0, HttpRequestInput.MaxRedirects) };
            case "max_response_bytes":
                return input with { MaxResponseBytes = Integer("/max_response_bytes", value, 1, HttpRequestInput.MaxResponseSize) };
            case "expect_status":
                return input with { ExpectStatus = Statuses(value) };
            default:
                Add(JsonPointer.Append("", name), "unknown_property", "Remove it: http_request has no such property.");
                return input;
        }
    }

    List<KeyValuePair<string, string>> Query(JsonElement value)
    {
        var query = new List<KeyValuePair<string, string>>();
        foreach (var (name, item, pointer) in Members("/query", value))
        {
            if (item.ValueKind != JsonValueKind.Array)
            {
                AddScalar(query, name, item, pointer);
                continue;
            }

            var index = 0;
            foreach (var one in item.EnumerateArray())
                AddScalar(query, name, one, JsonPointer.Append(pointer, index++));
        }

        return query;
    }

    List<KeyValuePair<string, string>> Headers(JsonElement value)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, item, pointer) in Members("/headers", value))
        {
            if (!HttpRequestHeaders.IsName(name))
                Add(pointer, "invalid_header", "Use letters, digits and hyphens in a header's name.");
            else if (HttpRequestHeaders.IsRefused(name))
                Add(pointer, "header_not_allowed", "Remove it: the platform sets this header itself.");
            else if (headers.Exists(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)))
                Add(pointer, "duplicate_header", "Give each header once; upper and lower case do not count.");
            else
                AddScalar(headers, name, item, pointer);
        }

        foreach (var header in headers)
        {
            if (!HttpRequestHeaders.IsValue(header.Value))
                Add(JsonPointer.Append("/headers", header.Key), "invalid_header", $"Use at most {HttpRequestInput.MaxHeaderValueLength} printable ASCII characters, on one line.");
        }

        if (headers.Count > HttpRequestInput.MaxHeaders)
            Add("/headers", "too_many_headers", $"Give at most {HttpRequestInput.MaxHeaders} headers.");
        return headers;
    }

    HttpRequestInput Body(HttpRequestInput input, JsonElement value)
    {
        var isText = value.ValueKind == JsonValueKind.String;
        var bytes = isText ? Encoding.UTF8.GetBytes(value.GetString()!) : JsonMarshal.GetRawUtf8Value(value).ToArray();
        return WithBody(input, "/body", bytes, isText ? "text/plain; charset=utf-8" : "application/json");
    }

    HttpRequestInput BodyBase64(HttpRequestInput input, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes))
            return WithBody(input, "/body_base64", bytes, "application/octet-stream");
        Add("/body_base64", "invalid_base64", "Give the bytes in base64.");
        return input;
    }

    HttpRequestInput WithBody(HttpRequestInput input, string pointer, byte[] bytes, string type)
    {
        if (input.Body is not null)
            Add(pointer, "two_bodies", "Give either body or body_base64.");
        if (bytes.Length > HttpRequestInput.MaxBodySize)
            Add(pointer, "body_too_large", $"Send at most {HttpRequestInput.MaxBodySize} bytes.");
        return input with { Body = bytes, BodyType = type };
    }

    /// <summary>"250ms", "10s", "2m": the spelling of durations in graphs.</summary>
    TimeSpan Timeout(JsonElement value)
    {
        var text = Text("/timeout", value, 16) ?? "1s";
        var unit = text.AsSpan().TrimStart("0123456789");
        var factor = unit switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            _ => 0,
        };
        if (factor > 0
            && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1_000_000
            && TimeSpan.FromMilliseconds(number * factor) is var timeout
            && timeout <= HttpRequestInput.MaxTimeout)
        {
            return timeout;
        }

        Add("/timeout", "invalid_duration", "Give a duration such as 500ms, 10s or 2m, at most 5m.");
        return HttpRequestInput.DefaultTimeout;
    }

    HashSet<int> Statuses(JsonElement value)
    {
        var statuses = new HashSet<int>();
        var items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].ValueKind == JsonValueKind.String && items[i].GetString() is "4xx" or "5xx")
                statuses.UnionWith(Enumerable.Range((items[i].GetString()![0] - '0') * 100, 100));
            else if (items[i].ValueKind == JsonValueKind.Number && items[i].TryGetInt32(out var status) && status is >= 100 and <= 599)
                statuses.Add(status);
            else
                Add(value.ValueKind == JsonValueKind.Array ? JsonPointer.Append("/expect_status", i) : "/expect_status",
                    "invalid_status", "Give statuses such as 404, or the classes 4xx and 5xx.");
        }

        return statuses;
    }

    IEnumerable<(string Name, JsonElement Value, string Pointer)> Members(string pointer, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Add(pointer, "wrong_type", "Give an object of names and values.");
            yield break;
        }

        foreach (var member in value.EnumerateObject())
            yield return (member.Name, member.Value, JsonPointer.Append(pointer, member.Name));
    }

    void AddScalar(List<KeyValuePair<string, string>> target, string name, JsonElement value, string pointer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.String:
                target.Add(new(name, value.GetString()!));
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                target.Add(new(name, value.GetRawText()));
                break;
            default:
                Add(pointer, "wrong_type", "Give a text, a number or a boolean.");
                break;
        }
    }

    string? Text(string pointer, JsonElement value, int maxLength)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= maxLength)
            return text;
        Add(pointer, "invalid_text", $"Give a text of 1 to {maxLength} characters.");
        return null;
    }

    string? OneOf(string pointer, JsonElement value, string[] known)
    {
        if (value.ValueKind == JsonValueKind.String && known.Contains(value.GetString()))
            return value.GetString();
        Add(pointer, "invalid_value", $"Give one of {string.Join(", ", known)}.");
        return null;
    }

    int Integer(string pointer, JsonElement value, int min, int max)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Add(pointer, "out_of_range", $"Give a whole number from {min} to {max}.");
        return min;
    }

    void Add(string pointer, string code, string message) => _problems.Add(new(pointer, code, message));
}
