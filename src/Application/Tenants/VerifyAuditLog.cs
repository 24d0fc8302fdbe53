using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// Computes the whole chain anew and compares. Finds an edited, deleted, inserted or moved entry, another tenant's, and a cut tail. Whoever could
/// rewrite chain and head alike is found by an anchor: number and hash of an earlier answer, kept elsewhere.
/// </summary>
[Requires("audit:read")]
public sealed record VerifyAuditLog(long? AnchorSeq = null, string? AnchorHash = null) : IQuery<AuditVerdict>, IValidate
{
    public IEnumerable<FieldError> Validate() => PageFaults.OfText("/anchor_hash", AnchorHash);
}

/// <param name="Entries">How many entries there are.</param>
/// <param name="Head">Number and hash of the last entry: keep them elsewhere as an anchor.</param>
public sealed record AuditVerdict(bool Valid, long Entries, AuditAnchor Head, AuditFault? FirstFault);

public sealed record AuditAnchor(long Seq, string Hash);

/// <param name="Id">The entry at fault; null where one is missing at the end.</param>
/// <param name="Code">content (the entry was changed, or is another tenant's), gap (entries before it are missing), order (a number occurs twice), chain (it does not follow the entry before), tail (entries at the end are missing), anchor (the kept anchor does not match).</param>
public sealed record AuditFault(long Seq, Guid? Id, string Code);
