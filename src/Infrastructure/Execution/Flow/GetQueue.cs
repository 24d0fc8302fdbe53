using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Flow;

file sealed class Handler(Db db, CallContext call, IMediator mediator, FlowOptions options) : IRequestHandler<GetQueue, Result<QueueView>>
{
    const string Sql = """
        select count(*) filter (where lease_owner is null and not parked)::int as queued,
          count(*) filter (where gate is not null and not parked)::int as in_line,
          count(*) filter (where lease_owner is not null)::int as running,
          count(*) filter (where parked and not pause_requested)::int as waiting,
          count(*) filter (where parked and pause_requested)::int as paused,
          min(available_at) filter (where lease_owner is null and not parked and gate is null) as oldest_queued_at
        from (select lease_owner, parked, pause_requested, gate, available_at from execution.run_queue where tenant_id = @tenant limit 1000000) q
        """;

    public async Task<Result<QueueView>> Handle(GetQueue request, CancellationToken cancellationToken)
    {
        var plan = await mediator.Send(new GetTenantPlan(), cancellationToken);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        var flow = options.Of(plan.Value);
        var counts = (await db.One<Counts>(Sql, new { tenant = call.Tenant }, cancellationToken))!;
        return new QueueView(
            counts.Queued, counts.InLine, counts.Running, counts.Waiting, counts.Paused, counts.OldestQueuedAt, new QueueLimits(flow.MaxQueued, flow.MaxRunning, flow.Weight));
    }

    sealed record Counts(int Queued, int InLine, int Running, int Waiting, int Paused, DateTimeOffset? OldestQueuedAt);
}
