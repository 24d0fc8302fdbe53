using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Shared.Http;

/// <summary>
/// One operation of an API as data: how named parameters become a request. It is what makes a skill of type <c>http_request</c> a connector
/// (<c>spec.operation</c>).
/// </summary>
/// <param name="Url">An absolute URL with <c>{name}</c> where a parameter goes; in the host only a single label, such as <c>https://{site}.example.net</c>.</param>
/// <param name="Headers">Sent as they are.</param>
/// <param name="Body"><c>json</c> or <c>form</c>; null: none.</param>
public sealed partial record HttpOperation(string Method, string Url, IReadOnlyList<HttpParameter> Parameters, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    public const int MaxParameters = 200;

    static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>Reads <c>{ method, url, parameters: [{ name, in, as?, reserved? }], headers?, body? }</c>.</summary>
    /// <returns>What is wrong with it; empty when it could be read.</returns>
    public static IReadOnlyList<FieldError> TryRead(JsonElement value, string pointer, out HttpOperation? operation)
    {
        operation = null;
        if (value.ValueKind is not JsonValueKind.Object)
        {
            return [new FieldError(pointer, "wrong_type", "This is an object.")];
        }

        var faults = new List<FieldError>();
        foreach (var member in value.EnumerateObject().Where(member => member.Name is not ("method" or "url" or "parameters" or "headers" or "body")))
        {
            faults.Add(new FieldError($"{pointer}/{member.Name}", "unknown_member", "An operation has: method, url, parameters, headers, body."));
        }

        var method = Text(value, "method") ?? "GET";
        if (!Methods.Contains(method))
        {
            faults.Add(new FieldError($"{pointer}/method", "not_allowed", $"This is one of: {string.Join(", ", Methods)}."));
        }

        var url = Text(value, "url") ?? "";
        if (url.Length is 0 or > 2048 || !Uri.TryCreate(Placeholder().Replace(url, "x"), UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
        {
            faults.Add(new FieldError($"{pointer}/url", "invalid_url", "This is an absolute http or https URL of at most 2 048 characters."));
        }

        var body = Text(value, "body");
        if (body is not (null or "json" or "form"))
        {
            faults.Add(new FieldError($"{pointer}/body", "not_allowed", "This is json or form."));
        }

        var parameters = ReadParameters(value, pointer, body, faults);
        foreach (var name in Placeholder().Matches(url).Select(match => match.Groups["name"].Value).Where(name => !parameters.Exists(p => p.In == "path" && p.As == name)))
        {
            faults.Add(new FieldError($"{pointer}/url", "unknown_parameter", $"The URL asks for {{{name}}}, which is no parameter in the path."));
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (value.TryGetProperty("headers", out var fixedHeaders))
        {
            if (fixedHeaders.ValueKind is not JsonValueKind.Object || fixedHeaders.EnumerateObject().Any(h => h.Value.ValueKind is not JsonValueKind.String))
            {
                faults.Add(new FieldError($"{pointer}/headers", "wrong_type", "This is an object of texts."));
            }
            else
            {
                foreach (var header in fixedHeaders.EnumerateObject())
                {
                    headers[header.Name] = header.Value.GetString()!;
                }
            }
        }

        operation = faults.Count == 0 ? new HttpOperation(method, url, parameters, headers, body) : null;
        return faults;
    }

    /// <summary>The request that these arguments make, in the shape of the <c>with</c> of <c>http_request</c>.</summary>
    /// <returns>The request; or why there is none.</returns>
    public (JsonElement Request, string? Problem) Build(JsonElement arguments)
    {
        var (url, query, headers, body) = (Url, new JsonObject(), new JsonObject(), default(JsonNode));
        foreach (var header in Headers)
        {
            headers[header.Key] = header.Value;
        }

        foreach (var parameter in Parameters)
        {
            if (arguments.ValueKind is not JsonValueKind.Object || !arguments.TryGetProperty(parameter.Name, out var value) || value.ValueKind is JsonValueKind.Null)
            {
                if (parameter.In == "path")
                {
                    return (default, $"The parameter {parameter.Name} is missing.");
                }

                continue;
            }

            switch (parameter.In)
            {
                case "path" when Segment(parameter, value) is { } segment:
                    url = url.Replace($"{{{parameter.As}}}", segment, StringComparison.Ordinal);
                    break;
                case "path":
                    return (default, $"The parameter {parameter.Name} cannot stand in a path.");
                case "query":
                    query[parameter.As] = JsonNode.Parse(value.GetRawText());
                    break;
                case "header":
                    headers[parameter.As] = JsonNode.Parse(value.GetRawText());
                    break;
                case "whole":
                    body = JsonNode.Parse(value.GetRawText());
                    break;
                default:
                    (body ??= new JsonObject())[parameter.As] = JsonNode.Parse(value.GetRawText());
                    break;
            }
        }

        var request = new JsonObject { ["method"] = Method, ["url"] = url, ["query"] = query, ["headers"] = headers };
        if (Body == "form")
        {
            headers["Content-Type"] = "application/x-www-form-urlencoded";
            request["body"] = body is JsonObject form ? Form(form) : "";
        }
        else if (Body == "json" && body is not null)
        {
            headers["Content-Type"] = "application/json";
            // As text, so that a body that is a text itself keeps its quotes.
            request["body"] = body.ToJsonString();
        }

        return (JsonSerializer.SerializeToElement(request), HostProblem(url));
    }

    static List<HttpParameter> ReadParameters(JsonElement value, string pointer, string? body, List<FieldError> faults)
    {
        if (!value.TryGetProperty("parameters", out var list))
        {
            return [];
        }

        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() > MaxParameters)
        {
            faults.Add(new FieldError($"{pointer}/parameters", "invalid_list", $"This is a list of at most {MaxParameters} parameters."));
            return [];
        }

        var parameters = new List<HttpParameter>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var at = $"{pointer}/parameters/{index.ToString(CultureInfo.InvariantCulture)}";
            if (item.ValueKind is not JsonValueKind.Object || Text(item, "name") is not { Length: > 0 and <= 128 } name || Text(item, "in") is not ("path" or "query" or "header" or "body" or "whole"))
            {
                faults.Add(new FieldError(at, "invalid_parameter", "A parameter has a name and says where it goes (in): path, query, header, body, or whole for a body that it is alone."));
            }
            else if (Text(item, "in") is "body" or "whole" && body is null)
            {
                faults.Add(new FieldError(at, "no_body", "The operation says nothing of a body."));
            }
            else
            {
                parameters.Add(new HttpParameter(name, Text(item, "in")!, Text(item, "as") ?? name, item.TryGetProperty("reserved", out var reserved) && reserved.ValueKind is JsonValueKind.True));
            }
        }

        return parameters;
    }

    /// <summary>Nothing that climbs out of where the author put it. In the host, which has no escapes, a label and nothing else.</summary>
    string? Segment(HttpParameter parameter, JsonElement value)
    {
        if (Scalar(value) is not { Length: > 0 } text)
        {
            return null;
        }

        var place = Url.IndexOf($"{{{parameter.As}}}", StringComparison.Ordinal);
        if (place < Url.IndexOf('/', Url.IndexOf("//", StringComparison.Ordinal) + 2) || Url.IndexOf('/', Url.IndexOf("//", StringComparison.Ordinal) + 2) < 0)
        {
            return Label().IsMatch(text) ? text : null;
        }

        var segments = parameter.IsReserved ? text.Split('/') : [text];
        return Array.Exists(segments, segment => segment is "" or "." or "..") ? null : string.Join('/', segments.Select(Uri.EscapeDataString));
    }

    static string? HostProblem(string url) => Placeholder().IsMatch(url) ? "The URL still asks for a parameter." : null;

    static string Form(JsonObject members) => string.Join('&', members
        .Where(member => member.Value is not null)
        .Select(member => $"{Uri.EscapeDataString(member.Key)}={Uri.EscapeDataString(Scalar(JsonSerializer.SerializeToElement(member.Value)) ?? member.Value!.ToJsonString())}"));

    static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    [GeneratedRegex(@"\{(?<name>[^{}/?#]{1,128})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}

/// <param name="Name">Of the argument.</param>
/// <param name="In">path, query, header, body (a member of it), or whole (the body itself).</param>
/// <param name="As">Its name in the request.</param>
/// <param name="IsReserved">In a path: slashes divide it and are kept.</param>
public sealed record HttpParameter(string Name, string In, string As, bool IsReserved);
