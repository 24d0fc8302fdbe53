using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// What a tenant may put into the registry. Only types whose runner exists and takes a customer's spec: a skill that is accepted here must run later.
/// The others (llm, code, agent, mcp, retrieval) are refused by name until what runs them is built.
/// </summary>
static class SkillRules
{
    public static readonly IReadOnlyList<string> Types = ["llm", "http_request", "code", "transform", "builtin", "agent", "mcp", "retrieval"];

    public static readonly IReadOnlyList<string> Categories = ["api", "database", "computation", "integration", "utility"];

    static readonly IReadOnlyList<string> Available = ["transform", "http_request"];

    public static IEnumerable<FieldError> CheckType(string type) =>
        !Types.Contains(type) ? FieldChecks.OneOf("/type", type, Types)
        : Available.Contains(type) ? []
        : [new FieldError("/type", "skill_type_not_available", $"Skills of type {type} cannot be made yet; available are: {string.Join(", ", Available)}.")];

    /// <summary>The spec of both types is a preset: <c>{ with? }</c>, over which a node's own <c>with</c> is merged.</summary>
    public static IEnumerable<FieldError> CheckSpec(JsonElement spec)
    {
        const int maxBytes = 64 * 1024;
        var faults = FieldChecks.Object("/spec", spec, maxBytes).ToList();
        if (faults.Count > 0)
        {
            return faults;
        }

        return spec.EnumerateObject().SelectMany(m =>
            m.Name != "with" ? [new FieldError(FieldChecks.At("/spec", m.Name), "unknown_field", "A spec has: with.")]
            : m.Value.ValueKind != JsonValueKind.Object ? [new FieldError("/spec/with", "wrong_type", "This is an object.")]
            : Array.Empty<FieldError>());
    }
}
