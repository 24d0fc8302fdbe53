using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Billing;

/// <summary>Takes a budget away. What is set aside for calls under way is settled as ever.</summary>
[Requires("billing:write")]
public sealed record DeleteBudget(Guid Id) : ICommand<Unit>;

file sealed class Handler(IBudgetStore budgets, IAudit audit) : IRequestHandler<DeleteBudget, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteBudget request, CancellationToken cancellationToken)
    {
        if (await budgets.Find(request.Id, cancellationToken) is not { } before || !await budgets.Delete(request.Id, cancellationToken))
        {
            return BudgetRules.NotFound;
        }

        audit.Record("budget.deleted", "budget", request.Id.ToString(), before);
        return Unit.Value;
    }
}
