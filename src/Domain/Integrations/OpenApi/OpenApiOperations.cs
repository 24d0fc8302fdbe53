using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Domain.Integrations.OpenApi;

/// <summary>One operation of a document, ready to become a skill.</summary>
/// <param name="Id">Its operationId, or else <c>GET /path</c>.</param>
/// <param name="Operation">As <c>spec.operation</c> of a skill describes it.</param>
/// <param name="InputSchema">Of its arguments.</param>
/// <param name="Problem">Why it cannot become a skill; or null.</param>
public sealed record OpenApiOperation(string Id, string Method, string Path, string? Summary, JsonElement Operation, JsonElement InputSchema, string? Problem);

/// <summary>Reads the operations of a document.</summary>
sealed class OpenApiOperations(JsonElement document, OpenApiSchemas schemas, string server)
{
    static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    /// <summary>Set by the platform, whatever a document says of them.</summary>
    static readonly string[] OwnHeaders = ["accept", "content-type", "authorization"];

    public IEnumerable<OpenApiOperation> Read()
    {
        if (!document.TryGetProperty("paths", out var paths) || paths.ValueKind is not JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var path in paths.EnumerateObject())
        {
            var item = schemas.Resolve(path.Value);
            if (item.ValueKind is not JsonValueKind.Object)
            {
                continue;
            }

            foreach (var method in Methods)
            {
                if (item.TryGetProperty(method, out var operation) && operation.ValueKind is JsonValueKind.Object)
                {
                    yield return Read(path.Name, method.ToUpperInvariant(), item, operation);
                }
            }
        }
    }

    OpenApiOperation Read(string path, string method, JsonElement item, JsonElement operation)
    {
        schemas.Begin();
        var id = IntegrationSpec.Text(operation, "operationId") is { Length: > 0 and <= 255 } named ? named : $"{method} {path}";
        var (parameters, properties, required) = (new JsonArray(), new JsonObject(), new JsonArray());
        var problem = path.StartsWith('/') ? null : "Its path does not begin with a slash.";
        foreach (var parameter in Parameters(item).Concat(Parameters(operation)).GroupBy(p => (In: IntegrationSpec.Text(p, "in"), Name: IntegrationSpec.Text(p, "name"))).Select(g => g.Last()))
        {
            problem ??= Add(parameter, parameters, properties, required);
        }

        var (body, bodyProblem) = AddBody(operation, parameters, properties, required);
        var described = new JsonObject { ["method"] = method, ["url"] = server + path, ["parameters"] = parameters };
        if (body is not null)
        {
            described["body"] = body;
        }

        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        var summary = IntegrationSpec.Text(operation, "summary") ?? IntegrationSpec.Text(operation, "description");
        var asData = JsonSerializer.SerializeToElement(described);
        problem ??= bodyProblem ?? (Shared.Http.HttpOperation.TryRead(asData, "", out _) is [var fault, ..] ? fault.Message : null);
        return new OpenApiOperation(id, method, path, summary, asData, JsonSerializer.SerializeToElement(schema), problem);
    }

    IEnumerable<JsonElement> Parameters(JsonElement owner) =>
        owner.TryGetProperty("parameters", out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select(schemas.Resolve).Where(parameter => parameter.ValueKind is JsonValueKind.Object)
            : [];

    string? Add(JsonElement parameter, JsonArray parameters, JsonObject properties, JsonArray required)
    {
        var (name, place) = (IntegrationSpec.Text(parameter, "name"), IntegrationSpec.Text(parameter, "in"));
        var isRequired = place == "path" || (parameter.TryGetProperty("required", out var needed) && needed.ValueKind is JsonValueKind.True);
        if (name is not { Length: > 0 and <= 128 } || place is not ("path" or "query" or "header" or "cookie"))
        {
            return "One of its parameters has no name, or no place.";
        }

        if (place == "cookie")
        {
            return isRequired ? $"It needs the cookie {name}." : null;
        }

        if (place == "header" && OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        // Two of one name in two places are told apart.
        var argument = properties.ContainsKey(name) ? $"{place}_{name}" : name;
        parameters.Add(new JsonObject { ["name"] = argument, ["in"] = place, ["as"] = name });
        var schema = parameter.TryGetProperty("schema", out var described) ? schemas.Convert(described) : new JsonObject();
        Describe(schema, parameter);
        properties[argument] = schema;
        if (isRequired)
        {
            required.Add(argument);
        }

        return null;
    }

    (string? Body, string? Problem) AddBody(JsonElement operation, JsonArray parameters, JsonObject properties, JsonArray required)
    {
        if (!operation.TryGetProperty("requestBody", out var reference) || schemas.Resolve(reference) is not { ValueKind: JsonValueKind.Object } body
            || !body.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.Object)
        {
            return (null, null);
        }

        var isRequired = body.TryGetProperty("required", out var needed) && needed.ValueKind is JsonValueKind.True;
        foreach (var type in content.EnumerateObject())
        {
            var essence = type.Name.Split(';')[0].Trim().ToLowerInvariant();
            var schema = type.Value.ValueKind is JsonValueKind.Object && type.Value.TryGetProperty("schema", out var described) ? schemas.Convert(described) : new JsonObject();
            if (essence == "application/json" || essence.EndsWith("+json", StringComparison.Ordinal))
            {
                var argument = properties.ContainsKey("body") ? "request_body" : "body";
                parameters.Add(new JsonObject { ["name"] = argument, ["in"] = "whole" });
                Describe(schema, body);
                properties[argument] = schema;
                if (isRequired)
                {
                    required.Add(argument);
                }

                return ("json", null);
            }

            if (essence == "application/x-www-form-urlencoded" && schema is JsonObject form && form["properties"] is JsonObject members)
            {
                foreach (var (name, member) in members)
                {
                    var argument = properties.ContainsKey(name) ? $"form_{name}" : name;
                    parameters.Add(new JsonObject { ["name"] = argument, ["in"] = "body", ["as"] = name });
                    properties[argument] = member?.DeepClone() ?? new JsonObject();
                    if (form["required"] is JsonArray wanted && wanted.Any(x => x is JsonValue value && value.TryGetValue<string>(out var text) && text == name))
                    {
                        required.Add(argument);
                    }
                }

                return ("form", null);
            }
        }

        return (null, isRequired ? "Its body is neither JSON nor a form." : null);
    }

    static void Describe(JsonNode schema, JsonElement source)
    {
        if (schema is JsonObject target && !target.ContainsKey("description") && IntegrationSpec.Text(source, "description") is { Length: > 0 } description)
        {
            target["description"] = description.Length <= 1000 ? description : description[..1000];
        }
    }
}
