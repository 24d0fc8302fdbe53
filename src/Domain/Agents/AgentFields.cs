using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>What people edit of an agent; what it does is in its versions.</summary>
/// <param name="Features">Ids of the feature catalogue, the primary one first.</param>
/// <param name="Limits">Members of <see cref="AgentLimits"/>.</param>
/// <param name="Metadata">An object of the tenant's own.</param>
public sealed record AgentFields(
    string? Name,
    string? Description,
    string? Category,
    string? Icon,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<string> Features,
    bool IsPublic,
    bool MemoryEnabled,
    JsonElement Limits,
    JsonElement Metadata)
{
    /// <summary>Bytes of metadata as JSON text.</summary>
    public const int MaxMetadataBytes = 16 * 1024;

    public static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    public IEnumerable<FieldError> Check() =>
    [
        .. FieldChecks.RequiredText("/name", Name, 3, 255),
        .. FieldChecks.Text("/description", Description, 1, 4000),
        .. FieldChecks.Text("/category", Category, 1, 63),
        .. FieldChecks.Text("/icon", Icon, 1, 255),
        .. FieldChecks.Labels("/tags", Tags),
        .. FieldChecks.Labels("/capabilities", Capabilities),
        .. FieldChecks.Labels("/features", Features),
        .. AgentLimits.Check("/limits", Limits),
        .. FieldChecks.Object("/metadata", Metadata, MaxMetadataBytes),
    ];
}
