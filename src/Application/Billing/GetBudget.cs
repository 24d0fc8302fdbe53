using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Billing;

[Requires("billing:read")]
public sealed record GetBudget(Guid Id) : IQuery<BudgetView>;
