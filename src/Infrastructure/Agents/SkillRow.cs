using System.Collections.Concurrent;
using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>A skill's version as a graph sees it; without one, all version columns are null.</summary>
sealed record SkillRow(
    Guid SkillId,
    Guid? VersionId,
    string Slug,
    string? SemanticVersion,
    string Type,
    bool? IsDeprecated,
    string? DeprecationMessage,
    JsonElement? Spec,
    JsonElement? InputSchema,
    bool IsPlatform)
{
    // The platform's versions are few, immutable, and in nearly every graph; tenants' are compiled when they are asked for.
    static readonly ConcurrentDictionary<Guid, CompiledSchema> PlatformSchemas = new();

    public ResolvedSkill ToResolved() => new(
        SkillId, VersionId!.Value, Slug, SemanticVersion!, SkillTypes.Parse(Type)!.Value, IsDeprecated ?? false, DeprecationMessage, Spec!.Value, Schema());

    CompiledSchema? Schema() =>
        InputSchema is not { } schema ? null
        : IsPlatform ? PlatformSchemas.GetOrAdd(VersionId!.Value, (_, source) => Compile(source), schema)
        : Compile(schema);

    static CompiledSchema Compile(JsonElement schema) => CompiledSchema.TryCompile(schema, out var compiled, out var problems)
        ? compiled!
        : throw new InvalidOperationException($"A stored schema does not compile: {problems[0].Message}");
}
