using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Billing;

/// <summary>Changes a budget, but not whose it is. What is not given stays as it is; with another limit or alert its window is told of anew.</summary>
/// <param name="Seen">The version that the caller edits (<c>If-Match</c>).</param>
[Requires("billing:write")]
public sealed record UpdateBudget(
    Guid Id, string? Name = null, string? Window = null, long? LimitMicros = null, string? Action = null, Optional<int?> AlertAtPercent = default, DateTimeOffset? Seen = null)
    : ICommand<BudgetView>, IValidate
{
    public IEnumerable<FieldError> Validate() => BudgetRules.Check(Name, Window, LimitMicros, AlertAtPercent.Value, Action);
}

file sealed class Handler(IBudgetStore budgets, IAudit audit) : IRequestHandler<UpdateBudget, Result<BudgetView>>
{
    public async Task<Result<BudgetView>> Handle(UpdateBudget request, CancellationToken cancellationToken)
    {
        if (await budgets.Find(request.Id, cancellationToken) is not { } before)
        {
            return BudgetRules.NotFound;
        }

        if (!await budgets.Update(request, cancellationToken))
        {
            return ETags.Stale;
        }

        var after = (await budgets.Find(request.Id, cancellationToken))!;
        audit.Record("budget.updated", "budget", request.Id.ToString(), before, after);
        return after;
    }
}
