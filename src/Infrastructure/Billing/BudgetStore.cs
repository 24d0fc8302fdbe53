using AgentPlatform.Application.Billing;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Billing;

static class BudgetSql
{
    public const string Columns = """
        b.id, b.name, b.scope, b.agent_id, b.user_id, b.api_key_id, b.period as "window", b.limit_micros, b.alert_at_percent, b.action,
          billing.spent(b) as spent_micros, billing.held(b, null) as held_micros, b.created_by, b.created_at, b.updated_at
        """;

    public const string One = $"select {Columns} from billing.budgets b where b.tenant_id = @tenant and b.id = @id";
}

sealed class BudgetStore(Db db, CallContext call) : IBudgetStore
{
    const string AddSql = """
        insert into billing.budgets (tenant_id, id, name, scope, agent_id, user_id, api_key_id, period, limit_micros, alert_at_percent, action, created_by)
        select @tenant, @id, @Name, @Scope, @agent, @UserId, @ApiKeyId, @Window, @LimitMicros, @AlertAtPercent, @Action, @by
        where (select count(*) from billing.budgets where tenant_id = @tenant) < @most
        """;

    const string UpdateSql = """
        update billing.budgets
        set name = coalesce(@Name, name), period = coalesce(@Window, period), limit_micros = coalesce(@LimitMicros, limit_micros), action = coalesce(@Action, action),
          alert_at_percent = case when @alerts then @percent::int else alert_at_percent end, updated_at = now()
        where tenant_id = @tenant and id = @Id and (@Seen::timestamptz is null or updated_at = @Seen)
        """;

    /// <summary>What was told of the old terms says nothing of the new ones.</summary>
    const string ForgetSql = "delete from billing.budget_notices where tenant_id = @tenant and budget_id = @Id";

    const string DeleteSql = "delete from billing.budgets where tenant_id = @tenant and id = @id";

    public Task<BudgetView?> Find(Guid id, CancellationToken ct) => db.One<BudgetView>(BudgetSql.One, new { tenant = call.Tenant, id }, ct);

    public async Task<bool> Add(Guid id, CreateBudget budget, Guid? agentId, CancellationToken ct) => await db.Execute(AddSql, new
    {
        tenant = call.Tenant,
        id,
        budget.Name,
        budget.Scope,
        agent = agentId,
        budget.UserId,
        budget.ApiKeyId,
        budget.Window,
        budget.LimitMicros,
        budget.AlertAtPercent,
        budget.Action,
        by = call.UserId,
        most = BudgetRules.MaxBudgets,
    }, ct) == 1;

    public async Task<bool> Update(UpdateBudget change, CancellationToken ct)
    {
        var changed = await db.Execute(UpdateSql, new
        {
            tenant = call.Tenant,
            change.Id,
            change.Name,
            change.Window,
            change.LimitMicros,
            change.Action,
            alerts = change.AlertAtPercent.IsSet,
            percent = change.AlertAtPercent.Value,
            change.Seen,
        }, ct);
        if (changed == 1 && (change.Window is not null || change.LimitMicros is not null || change.AlertAtPercent.IsSet))
        {
            await db.Execute(ForgetSql, new { tenant = call.Tenant, change.Id }, ct);
        }

        return changed == 1;
    }

    public async Task<bool> Delete(Guid id, CancellationToken ct) => await db.Execute(DeleteSql, new { tenant = call.Tenant, id }, ct) == 1;
}

file sealed class Get(Db db, CallContext call) : IRequestHandler<GetBudget, Result<BudgetView>>
{
    public async Task<Result<BudgetView>> Handle(GetBudget request, CancellationToken cancellationToken) =>
        await db.One<BudgetView>(BudgetSql.One, new { tenant = call.Tenant, id = request.Id }, cancellationToken) is { } view ? view : BudgetRules.NotFound;
}

file sealed class List(Db db, CallContext call) : IRequestHandler<ListBudgets, Result<Page<BudgetView>>>
{
    const string Sql = $"""
        select {BudgetSql.Columns} from billing.budgets b
        where b.tenant_id = @tenant and (@after::uuid is null or b.id > @after) order by b.id limit @limit
        """;

    public async Task<Result<Page<BudgetView>>> Handle(ListBudgets request, CancellationToken cancellationToken)
    {
        var after = IdCursor.Decode(call.Tenant, "budgets", request.Page.Cursor);
        if (!after.IsOk)
        {
            return after.Error;
        }

        var rows = await db.Query<BudgetView>(Sql, new { tenant = call.Tenant, after = after.Value, limit = request.Page.Size + 1 }, cancellationToken);
        return Page<BudgetView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, "budgets", last.Id));
    }
}
