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
    bool IsPlatform,
    string Name,
    string? Description,
    JsonElement? OutputSchema,
    string? Language,
    string? SourceCode)
{
    public const string Columns =
        """
        s.id as skill_id, v.id as version_id, s.slug, v.semantic_version, s.type, v.is_deprecated, v.deprecation_message, v.spec, v.input_schema,
          s.tenant_id = '00000000-0000-0000-0000-000000000000' as is_platform, s.name, s.description, v.output_schema
        """;

    // The platform's versions are few, immutable, and in nearly every graph; tenants' are compiled when they are asked for.
    static readonly ConcurrentDictionary<(Guid VersionId, bool IsInput), CompiledSchema> PlatformSchemas = new();

    public ResolvedSkill ToResolved() => new(
        SkillId, VersionId!.Value, Slug, SemanticVersion!, SkillTypes.Parse(Type)!.Value, IsDeprecated ?? false, DeprecationMessage, Spec!.Value, Schema(InputSchema, isInput: true))
    {
        Name = Name,
        Description = Description,
        InputSchemaText = InputSchema,
        OutputSchema = Schema(OutputSchema, isInput: false),
        Source = Language is not null && SourceCode is not null ? new SkillSource(Language, SourceCode) : null,
    };

    CompiledSchema? Schema(JsonElement? text, bool isInput) =>
        text is not { } schema ? null
        : IsPlatform ? PlatformSchemas.GetOrAdd((VersionId!.Value, isInput), (_, source) => Compile(source), schema)
        : Compile(schema);

    static CompiledSchema Compile(JsonElement schema) => CompiledSchema.TryCompile(schema, out var compiled, out var problems)
        ? compiled!
        : throw new InvalidOperationException($"A stored schema does not compile: {problems[0].Message}");
}
