using AgentPlatform.Api.Http;
using AgentPlatform.Application.Billing;
using AgentPlatform.Application.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>What was used, what it cost, and what may be spent.</summary>
static class BillingEndpoints
{
    public static void MapBilling(this IEndpointRouteBuilder app)
    {
        var usage = app.MapGroup("/v1/usage").WithTags("Billing").ProducesProblem(401).ProducesProblem(403);
        usage.MapGet("", async (DateOnly? from, DateOnly? to, [FromQuery(Name = "group_by")] string? groupBy, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetUsage(from, to, groupBy ?? "day"), ct)).ToOk())
            .WithName("GetUsage").WithSummary("What was used in a span of days (UTC), by day, agent, service, user or key; up to this moment.")
            .Produces<UsageReport>().ProducesProblem(400).ProducesProblem(422);
        usage.MapGet("/ledger", Ledger)
            .WithName("ListLedger").WithSummary("The ledger: one entry for each priced thing, the latest run's first.").Produces<Page<LedgerEntry>>().ProducesProblem(400).ProducesProblem(422);

        var budgets = app.MapGroup("/v1/budgets").WithTags("Billing").ProducesProblem(401).ProducesProblem(403);
        budgets.MapGet("", async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListBudgets(new PageRequest(limit, cursor)), ct)).ToOk())
            .WithName("ListBudgets").WithSummary("The tenant's budgets, and how much of each is gone.").Produces<Page<BudgetView>>();
        budgets.MapPost("", async (Body<NewBudget> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(body.Value.ToCommand(), ct)).ToCreated(budget => $"/v1/budgets/{budget.Id}"))
            .WithName("CreateBudget").WithSummary("Sets a budget for the tenant, an agent, a user or a key.").Produces<BudgetView>(201).ProducesProblem(409).ProducesProblem(422);
        budgets.MapGet("/{id:guid}", async (Guid id, HttpContext http, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetBudget(id), ct)).ToOk(http, budget => budget.UpdatedAt))
            .WithName("GetBudget").WithSummary("One budget.").Produces<BudgetView>().ProducesProblem(404);
        budgets.MapPatch("/{id:guid}", Update).WithName("UpdateBudget").WithSummary("Changes name, window, limit, action or alert.")
            .Produces<BudgetView>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        budgets.MapDelete("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new DeleteBudget(id), ct)).ToNoContent())
            .WithName("DeleteBudget").WithSummary("Takes a budget away.").Produces(204).ProducesProblem(404);
    }

    static async Task<IResult> Ledger(
        [FromQuery(Name = "run_id")] Guid? runId, [FromQuery(Name = "agent_id")] Guid? agentId, [FromQuery(Name = "user_id")] Guid? userId, string? service, DateTimeOffset? since,
        DateTimeOffset? until, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ListLedger(new PageRequest(limit, cursor), runId, agentId, userId, service, since, until), ct)).ToOk();

    static async Task<IResult> Update(Guid id, Body<BudgetChange> body, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var seen = ETags.Parse(ifMatch);
        return seen.IsOk
            ? (await mediator.Send(body.Value.ToCommand(id, seen.Value), ct)).ToOk(http, budget => budget.UpdatedAt)
            : seen.Error.ToProblem();
    }
}

/// <param name="Scope">tenant, agent, user or key.</param>
/// <param name="LimitMicros">In millionths of the currency.</param>
/// <param name="Agent">Id or slug.</param>
sealed record NewBudget(string Name, string Scope, long LimitMicros, int? AlertAtPercent = null, string? Agent = null, Guid? UserId = null, Guid? ApiKeyId = null)
{
    /// <summary>day, month or total.</summary>
    public string Window { get; init; } = "month";

    /// <summary>alert or block.</summary>
    public string Action { get; init; } = "block";

    public CreateBudget ToCommand() => new(Name, Scope, LimitMicros, Window, Action, AlertAtPercent, Agent, UserId, ApiKeyId);
}

/// <summary>What is not given stays as it is; an alert that is null is taken away.</summary>
sealed record BudgetChange(string? Name = null, string? Window = null, long? LimitMicros = null, string? Action = null)
{
    public Optional<int?> AlertAtPercent { get; init; }

    public UpdateBudget ToCommand(Guid id, DateTimeOffset? seen) => new(id, Name, Window, LimitMicros, Action, AlertAtPercent, seen);
}
