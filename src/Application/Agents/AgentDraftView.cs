using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>What an agent's next version will be, as far as it is written. It need not be valid.</summary>
/// <param name="BaseVersionId">The version that it began from; null when the agent had none.</param>
/// <param name="Pinned">Outputs that stand in for those of nodes in test runs, by node.</param>
public sealed record AgentDraftView(
    Guid AgentId,
    Guid? BaseVersionId,
    JsonElement Graph,
    JsonElement? DefaultParams,
    JsonElement? Model,
    string? SystemPrompt,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    JsonElement Pinned,
    Guid? CreatedBy,
    Guid? UpdatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal VersionContent Content => new(Graph, DefaultParams, Model, SystemPrompt, InputSchema, OutputSchema);
}

/// <summary>A draft as it is sent. What is not given is as in <see cref="VersionDraft"/>: the version will not have it.</summary>
/// <param name="Pinned">Outputs by node.</param>
public sealed record DraftContent(
    JsonElement Graph,
    JsonElement? DefaultParams = null,
    JsonElement? Model = null,
    string? SystemPrompt = null,
    JsonElement? InputSchema = null,
    JsonElement? OutputSchema = null,
    Guid? BaseVersionId = null,
    JsonElement? Pinned = null);

/// <summary>Drafts of the caller's tenant's agents. The caller holds the agent's row.</summary>
interface IAgentDrafts
{
    Task<AgentDraftView?> Find(Guid agentId, CancellationToken ct);

    Task Put(Guid agentId, DraftContent draft, CancellationToken ct);

    /// <returns>False when there was none.</returns>
    Task<bool> Delete(Guid agentId, CancellationToken ct);
}

static class DraftRules
{
    public static readonly Error NotFound = Error.NotFound("draft");

    /// <summary>A draft may be wrong in any way but these: what is no object could be neither stored nor shown.</summary>
    public static IEnumerable<FieldError> Check(DraftContent draft) =>
    [
        .. draft.Graph.ValueKind is JsonValueKind.Object ? [] : (IEnumerable<FieldError>)[new FieldError("/graph", "wrong_type", "A draft has a graph, which is an object.")],
        .. draft.Pinned is { ValueKind: not JsonValueKind.Object } ? [new FieldError("/pinned", "wrong_type", "This is an object: outputs by node.")] : (IEnumerable<FieldError>)[],
        .. FieldChecks.Text("/system_prompt", draft.SystemPrompt, 0, 64 * 1024),
    ];
}
