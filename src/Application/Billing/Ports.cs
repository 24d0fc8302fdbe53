namespace AgentPlatform.Application.Billing;

/// <summary>The tenant's budgets, as requests read and change them.</summary>
interface IBudgetStore
{
    Task<BudgetView?> Find(Guid id, CancellationToken ct);

    /// <returns>False when there are as many as a tenant may have.</returns>
    Task<bool> Add(Guid id, CreateBudget budget, Guid? agentId, CancellationToken ct);

    /// <returns>False when it was changed or deleted since it was read.</returns>
    Task<bool> Update(UpdateBudget change, CancellationToken ct);

    Task<bool> Delete(Guid id, CancellationToken ct);
}
