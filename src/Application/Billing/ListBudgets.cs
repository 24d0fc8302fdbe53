using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Billing;

/// <summary>The tenant's budgets, the oldest first.</summary>
[Requires("billing:read")]
public sealed record ListBudgets(PageRequest Page) : IQuery<Page<BudgetView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
