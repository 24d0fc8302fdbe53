using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Http;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// What a tenant may put into the registry. Only types whose runner exists and takes a customer's spec: a skill that is accepted here must run later.
/// The others (llm, retrieval) are refused by name until what runs them is built.
/// </summary>
static class SkillRules
{
    public static readonly IReadOnlyList<string> Types = ["llm", "http_request", "code", "transform", "builtin", "agent", "mcp", "retrieval"];

    public static readonly IReadOnlyList<string> Categories = ["api", "database", "computation", "integration", "utility"];

    static readonly IReadOnlyList<string> Available = ["transform", "http_request", "agent", "mcp", "code"];

    public static IEnumerable<FieldError> CheckType(string type) =>
        !Types.Contains(type) ? FieldChecks.OneOf("/type", type, Types)
        : Available.Contains(type) ? []
        : [new FieldError("/type", "skill_type_not_available", $"Skills of type {type} cannot be made yet; available are: {string.Join(", ", Available)}.")];

    /// <summary>
    /// The spec of every type may hold a preset, <c>{ with? }</c>, over which a node's own <c>with</c> is laid, member by member. It is data and is not
    /// evaluated: a preset knows nothing of the graphs that it will be used in, so an expression in it could only fail there. A skill of type mcp also
    /// says which tool of which server it is, one of type code within which limits it runs and whom it may call. One of type http_request may name one operation of an API, whose
    /// parameters the nodes give (<see cref="HttpOperation"/>), and the integration whose credentials go along.
    /// </summary>
    /// <param name="type">Null where it is not known yet: then what some type could have is let pass.</param>
    public static IEnumerable<FieldError> CheckSpec(JsonElement spec, string? type = null)
    {
        const int maxBytes = 64 * 1024;
        var faults = FieldChecks.Object("/spec", spec, maxBytes).ToList();
        if (faults.Count > 0)
        {
            return faults;
        }

        if (type is null or "code")
        {
            CodeSpec.Read("/spec", spec, faults);
        }

        IReadOnlyList<string> own = type switch
        {
            null => ["server", "tool", "limits", "network", "operation", "integration"],
            "mcp" => ["server", "tool"],
            "http_request" => ["operation", "integration"],
            "code" => ["limits", "network"],
            _ => [],
        };
        return faults.Concat(spec.EnumerateObject().Where(m => !own.Contains(m.Name)).SelectMany(m => CheckMember(m, own)))
            .Concat(type is "mcp" ? own.SelectMany(name => CheckName(spec, name)) : [])
            .Concat(type is null or "http_request" ? CheckOperation(spec) : []);
    }

    /// <summary>Code has its source, nothing else has.</summary>
    public static IEnumerable<FieldError> CheckSource(string type, string? language, string? source) => type == "code"
        ? [.. source is null ? [FieldChecks.Required("/source_code")] : Array.Empty<FieldError>(), .. language is null ? [FieldChecks.Required("/language")] : Array.Empty<FieldError>()]
        : [.. source is null ? Array.Empty<FieldError>() : [NoCode("/source_code")], .. language is null ? Array.Empty<FieldError>() : [NoCode("/language")]];

    static FieldError NoCode(string pointer) => new(pointer, "not_allowed", "Only skills of type code have source code.");

    static IEnumerable<FieldError> CheckName(JsonElement spec, string name) =>
        !spec.TryGetProperty(name, out var value) ? [FieldChecks.Required($"/spec/{name}")]
        : value.ValueKind is not JsonValueKind.String ? [new FieldError($"/spec/{name}", "wrong_type", "This is a text.")]
        : FieldChecks.Text($"/spec/{name}", value.GetString(), 1, 128);

    static IEnumerable<FieldError> CheckOperation(JsonElement spec) =>
    [
        .. spec.TryGetProperty("operation", out var operation) ? HttpOperation.TryRead(operation, "/spec/operation", out _) : [],
        .. spec.TryGetProperty("integration", out var slug) && !(slug.ValueKind is JsonValueKind.String && Slug.IsValid(slug.GetString())) ? [new FieldError("/spec/integration", "invalid_slug", Slug.Rule)] : Array.Empty<FieldError>(),
    ];

    static IEnumerable<FieldError> CheckMember(JsonProperty member, IReadOnlyList<string> own) =>
        member.Name != "with" ? [new FieldError(FieldChecks.At("/spec", member.Name), "unknown_field", $"A spec has: {string.Join(", ", own.Prepend("with"))}.")]
        : member.Value.ValueKind != JsonValueKind.Object ? [new FieldError("/spec/with", "wrong_type", "This is an object.")]
        : Computed("/spec/with", member.Value).Select(at => new FieldError(at, "not_literal", "A preset is a plain value; expressions and templates belong into a graph's nodes."));

    static IEnumerable<string> Computed(string pointer, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()! is var text && (text.StartsWith('=') || text.Contains("{{", StringComparison.Ordinal)) ? [pointer] : [],
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Computed($"{pointer}/{i}", item)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Computed(FieldChecks.At(pointer, m.Name), m.Value)),
        _ => [],
    };
}
