using AgentPlatform.Application.Billing;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Keeps what steps spend within budgets: the most that a call can cost is set aside before it, and what it did cost is settled with the step's result.</summary>
/// <param name="budgets">None, or the one that there is.</param>
sealed class Spending(IEnumerable<IBudgets> budgets)
{
    /// <summary>Longer than any step may take.</summary>
    static readonly TimeSpan AtMost = TimeSpan.FromMinutes(65);

    readonly IBudgets? budget = budgets.SingleOrDefault();

    /// <summary>False: nothing has to be set aside, so nobody needs to work out how much.</summary>
    public bool IsBounded(SkillCall call) => budget?.MayRefuse(call.TenantId) is true;

    /// <summary>Null when the call may be made.</summary>
    public async ValueTask<SkillError?> SetAside(SkillCall call, ModelQuote quote, CancellationToken ct) =>
        budget is null ? null
        : await budget.Reserve(new Reservation(call.TenantId, call.StepId, call.RunId, call.AgentId, call.UserId, call.ApiKeyId, quote.Service, quote.Micros, AtMost), ct);

    /// <summary>For a call that was given up before it used anything: no result will settle what was set aside.</summary>
    public ValueTask GiveBack(SkillCall call) => budget?.Release(call.TenantId, call.StepId, CancellationToken.None) ?? default;
}
