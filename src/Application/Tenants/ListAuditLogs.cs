using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>The tenant's audit log, the newest entries first.</summary>
/// <param name="Actor">Id of the person, or of the credential.</param>
/// <param name="Since">From here on.</param>
/// <param name="Until">Before here.</param>
[Requires("audit:read")]
public sealed record ListAuditLogs(
    PageRequest Page, string? Action = null, string? ResourceType = null, Guid? Actor = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
    : IQuery<Page<AuditEntryView>>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
        [.. PageFaults.Of(Page), .. PageFaults.OfText("/action", Action), .. PageFaults.OfText("/resource_type", ResourceType)];
}

/// <param name="Seq">The entry's number in the tenant's chain, from 1, without gaps.</param>
/// <param name="Status">success, or failure for what was refused.</param>
/// <param name="PrevHash">Hexadecimal SHA-256 of the entry before.</param>
public sealed record AuditEntryView(
    Guid Id, long Seq, DateTimeOffset CreatedAt, string ActorKind, Guid? ActorId, Guid? CredentialId, string Action, string ResourceType, string ResourceId,
    JsonElement? OldValues, JsonElement? NewValues, string? Ip, string? UserAgent, string Status, string? ErrorMessage, string PrevHash, string Hash);
