using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// What a run was given before it was laid down or its worker died. Whoever took it up knows nothing of that, and the other side may still say it again: it is
/// found out anew before anything more of the run is stored.
/// </summary>
public interface IFormerSecrets
{
    /// <summary>Adds what the run may have used so far to its mask; rather more than less.</summary>
    /// <returns>Why that cannot be found out right now; null when it is done.</returns>
    Task<SkillError?> Recall(FormerUse use, SecretMask mask, CancellationToken ct);
}

/// <param name="AgentId">Whose agent-scoped credentials it may have used.</param>
/// <param name="UserId">Whose user-scoped credentials it may have used.</param>
/// <param name="Since">When it, or the run whose outputs it goes on with, began at the earliest.</param>
public sealed record FormerUse(Guid TenantId, Guid? AgentId, Guid? UserId, DateTimeOffset Since);
