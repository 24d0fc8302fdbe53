using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Domain.Agents.Graphs;

public enum SkillType
{
    Llm,
    HttpRequest,
    Code,
    Transform,
    Builtin,
    Agent,
    Mcp,
    Retrieval,
}

/// <summary>A skill version that a node runs, as the registry knows it.</summary>
/// <param name="IsDeprecated">It still runs, but the author of a graph is warned.</param>
/// <param name="Spec">What the runner of this type needs; its shape depends on the type.</param>
/// <param name="InputSchema">What a node's <c>with</c> must satisfy; null when anything goes.</param>
public sealed record ResolvedSkill(
    Guid SkillId, Guid VersionId, string Slug, string Version, SkillType Type, bool IsDeprecated, string? DeprecationMessage, JsonElement Spec, CompiledSchema? InputSchema)
{
    /// <summary>For people, and for a model that may call it.</summary>
    public string Name { get; init; } = Slug;

    public string? Description { get; init; }

    /// <summary><see cref="InputSchema"/> as it is written.</summary>
    public JsonElement? InputSchemaText { get; init; }

    /// <summary>What a successful call's output must satisfy; null when anything goes.</summary>
    public CompiledSchema? OutputSchema { get; init; }

    /// <summary>Whether a model may call it: not what steers a graph, nor an agent that nobody has named.</summary>
    public bool CanBeTool => Type switch
    {
        SkillType.Builtin => !Steers(Slug),
        SkillType.Agent => Spec.ValueKind is JsonValueKind.Object && Spec.TryGetProperty("with", out var preset) && preset.TryGetProperty("agent", out _),
        _ => true,
    };

    /// <summary>Built-in skills that mean nothing outside a graph.</summary>
    public static bool Steers(string slug) => slug is "switch" or "foreach" or "loop" or "merge" or "respond" or "fail";

    /// <summary>The customer's code that the version is made of; null for all other skills, and where only a graph is checked.</summary>
    public SkillSource? Source { get; init; }

    internal bool IsBuiltin(string slug) => Type == SkillType.Builtin && Slug == slug;
}

/// <param name="Language">One of <see cref="CodeSpec.Languages"/>.</param>
public sealed record SkillSource(string Language, string Code);

/// <summary>The skills that a graph may use. The caller fetches exactly those that the document names, before compiling.</summary>
public interface ISkillCatalog
{
    /// <summary>The highest usable version in the reference's range, or null.</summary>
    ResolvedSkill? Resolve(SkillReference reference);

    bool Exists(string slug);

    /// <summary>Every slug that could have been meant ("did you mean").</summary>
    IEnumerable<string> Slugs { get; }

    /// <summary>The usable versions of a skill, for the sentence that says what exists.</summary>
    IEnumerable<string> Versions(string slug) => [];
}

/// <summary>The stored text of a skill's type.</summary>
public static class SkillTypes
{
    public static string ToText(this SkillType type) => type switch
    {
        SkillType.Llm => "llm",
        SkillType.HttpRequest => "http_request",
        SkillType.Code => "code",
        SkillType.Transform => "transform",
        SkillType.Builtin => "builtin",
        SkillType.Agent => "agent",
        SkillType.Mcp => "mcp",
        SkillType.Retrieval => "retrieval",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static SkillType? Parse(string? text) => text switch
    {
        "llm" => SkillType.Llm,
        "http_request" => SkillType.HttpRequest,
        "code" => SkillType.Code,
        "transform" => SkillType.Transform,
        "builtin" => SkillType.Builtin,
        "agent" => SkillType.Agent,
        "mcp" => SkillType.Mcp,
        "retrieval" => SkillType.Retrieval,
        _ => null,
    };
}
