using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Billing;

/// <summary>Sets a budget. What was spent in its window before it was set counts.</summary>
/// <param name="Agent">Id or slug; for the scope agent.</param>
/// <param name="UserId">A member; for the scope user.</param>
/// <param name="ApiKeyId">For the scope key.</param>
[Requires("billing:write")]
public sealed record CreateBudget(
    string Name, string Scope, long LimitMicros, string Window = "month", string Action = "block", int? AlertAtPercent = null, string? Agent = null, Guid? UserId = null,
    Guid? ApiKeyId = null)
    : ICommand<BudgetView>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        foreach (var fault in BudgetRules.Check(Name, Window, LimitMicros, AlertAtPercent, Action))
        {
            yield return fault;
        }

        if (Scope is not ("tenant" or "agent" or "user" or "key"))
        {
            yield return new FieldError("/scope", "invalid_value", "A scope is tenant, agent, user or key.");
        }

        foreach (var (pointer, scope, isGiven) in new[] { ("/agent", "agent", Agent is not null), ("/user_id", "user", UserId is not null), ("/api_key_id", "key", ApiKeyId is not null) })
        {
            if (isGiven != (Scope == scope))
            {
                yield return isGiven
                    ? new FieldError(pointer, "not_allowed", $"Only a budget of the scope {scope} names it.")
                    : new FieldError(pointer, "required", $"A budget of the scope {scope} says whose it is.");
            }
        }
    }
}

file sealed class Handler(IBudgetStore budgets, IMediator mediator, IAudit audit, TimeProvider time) : IRequestHandler<CreateBudget, Result<BudgetView>>
{
    public async Task<Result<BudgetView>> Handle(CreateBudget request, CancellationToken cancellationToken)
    {
        Guid? agentId = null;
        if (request.Agent is { } agent)
        {
            var found = await mediator.Send(new GetAgentReference(agent), cancellationToken);
            if (!found.IsOk)
            {
                return Error.Invalid("/agent", found.Error.Code, found.Error.Message);
            }

            agentId = found.Value.AgentId;
        }

        if (request.UserId is { } user && !(await mediator.Send(new FindAssignee(user.ToString(), null), cancellationToken)).IsOk)
        {
            return Error.Invalid("/user_id", "member_not_found", "There is no such member.");
        }

        if (request.ApiKeyId is { } key && !(await mediator.Send(new FindApiKey(key), cancellationToken)).IsOk)
        {
            return Error.Invalid("/api_key_id", "api_key_not_found", "There is no such API key.");
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (!await budgets.Add(id, request, agentId, cancellationToken))
        {
            return BudgetRules.TooMany;
        }

        var view = (await budgets.Find(id, cancellationToken))!;
        audit.Record("budget.created", "budget", id.ToString(), after: view);
        return view;
    }
}
