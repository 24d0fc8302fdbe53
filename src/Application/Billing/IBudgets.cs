using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Application.Billing;

/// <summary>
/// Sets money aside before a call that will cost some, so that calls side by side cannot together spend more than a budget holds. What is set aside is settled by the step's
/// result, in its transaction; a call that never ends gives it back when its time is over.
/// </summary>
public interface IBudgets
{
    /// <summary>Whether any budget of the tenant may refuse a call: where none does, nobody needs to work out what a call can cost. Answered from memory.</summary>
    bool MayRefuse(Guid tenantId);

    /// <summary>Null when every budget that covers the call has room for it; <c>budget_exceeded</c>, or <c>price_unknown</c>, (class <c>limit</c>) otherwise. Free of round trips where no budget is set.</summary>
    ValueTask<SkillError?> Reserve(Reservation reservation, CancellationToken ct);

    /// <summary>Gives back what a call did not use that leaves no result.</summary>
    ValueTask Release(Guid tenantId, Guid id, CancellationToken ct);
}

/// <param name="Id">The step's id: a repeated attempt reserves the same again, not more.</param>
/// <param name="Micros">The most that the call can cost: its input and the longest answer it may give. Null where nobody knows: then a budget that covers it cannot be kept, and refuses.</param>
public sealed record Reservation(Guid TenantId, Guid Id, Guid RunId, Guid? AgentId, Guid? UserId, Guid? ApiKeyId, string Service, long? Micros, TimeSpan AtMost);
