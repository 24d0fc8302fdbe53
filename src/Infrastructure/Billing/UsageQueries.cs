using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Billing;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Billing;

file sealed class Report(Db db, CallContext call, IMediator mediator, TimeProvider time) : IRequestHandler<GetUsage, Result<UsageReport>>
{
    /// <summary>Days and what they do not hold yet, in one statement: together they are the ledger.</summary>
    const string Sql = """
        select case when @by_day then u.date::text end as day, case @group when 'day' then u.date::text when 'service' then u.service_id
            when 'agent' then nullif(u.agent_id, @nobody)::text when 'user' then nullif(u.user_id, @nobody)::text else nullif(u.api_key_id, @nobody)::text end as key,
          null::text as name, sum(u.tokens_prompt)::bigint as tokens_prompt, sum(u.tokens_completion)::bigint as tokens_completion, sum(u.tokens_cached)::bigint as tokens_cached,
          sum(u.tokens_reasoning)::bigint as tokens_reasoning, sum(u.units)::bigint as units, sum(u.api_calls)::bigint as api_calls, sum(u.cost_micros)::bigint as cost_micros, u.currency
        from (
          select date, service_id, currency, agent_id, user_id, api_key_id, tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros
          from billing.usage_daily where tenant_id = @tenant and date between @from::date and @to::date
          union all
          select date, service_id, currency, agent_id, user_id, api_key_id, tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning, units, api_calls, cost_micros
          from billing.usage_fresh where tenant_id = @tenant and date between @from::date and @to::date
        ) u
        group by 1, 2, u.currency order by 1 nulls last, 2 nulls last, u.currency limit @limit
        """;

    const int MaxRows = 10_000;

    const string UnknownSql = """
        select count(*) as calls, coalesce(sum(micros), 0)::bigint as micros_at_most from billing.reservations
        where tenant_id = @tenant and lost_at is not null and (created_at at time zone 'UTC')::date between @from::date and @to::date
        """;

    public async Task<Result<UsageReport>> Handle(GetUsage request, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var to = request.To ?? (request.From > today ? request.From.Value : today);
        var from = request.From ?? new DateOnly(to.Year, to.Month, 1);
        var most = request.IsByDay && request.Group != "day" ? GetUsage.MaxDaysWithGroups : GetUsage.MaxDays;
        if (to.DayNumber - from.DayNumber >= most)
        {
            return Error.Invalid("/from", "out_of_range", $"At most {most} days at once.");
        }

        var args = new { tenant = call.Tenant, group = request.Group, by_day = request.IsByDay, limit = MaxRows + 1, from = Text(from), to = Text(to), nobody = Guid.Empty };
        var items = await db.Query<UsageGroup>(Sql, args, cancellationToken);
        if (items.Count > MaxRows)
        {
            return Error.Invalid("/group_by", "too_many_groups", $"At most {MaxRows} rows at once: ask for fewer days.");
        }

        if (request.Group == "agent")
        {
            items = await Named(items, cancellationToken);
        }

        var unknown = (await db.One<UnknownUsage>(UnknownSql, args, cancellationToken))!;
        UsageSum[] totals = [.. items.GroupBy(item => item.Currency, StringComparer.Ordinal).Select(Sum)];
        return new UsageReport(from, to, request.GroupBy, items, totals, unknown, totals.FirstOrDefault(sum => sum.Currency == SkillUsage.Unpriced)?.ApiCalls ?? 0);
    }

    static UsageSum Sum(IGrouping<string, UsageGroup> of) => new(
        of.Sum(item => item.TokensPrompt), of.Sum(item => item.TokensCompletion), of.Sum(item => item.TokensCached), of.Sum(item => item.TokensReasoning), of.Sum(item => item.Units),
        of.Sum(item => item.ApiCalls), of.Sum(item => item.CostMicros), of.Key);

    static string Text(DateOnly day) => day.ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    async Task<IReadOnlyList<UsageGroup>> Named(IReadOnlyList<UsageGroup> items, CancellationToken ct)
    {
        var names = await mediator.Send(new GetAgentNames([.. items.Where(item => item.Key is not null).Select(item => Guid.Parse(item.Key!)).Distinct()]), ct);
        return names.IsOk ? [.. items.Select(item => item with { Name = item.Key is { } key ? names.Value.GetValueOrDefault(Guid.Parse(key)) : null })] : items;
    }
}

file sealed class Ledger(Db db, CallContext call) : IRequestHandler<ListLedger, Result<Page<LedgerEntry>>>
{
    /// <summary>An entry has the time of its run, which began before it.</summary>
    const string Sql = """
        select id, source_kind, source_id, run_id, step_id, user_id, agent_id, api_key_id, service_id as service, tokens_prompt, tokens_completion, tokens_cached, tokens_reasoning,
          units, api_calls, cost_micros, currency, is_estimated, reason, occurred_at
        from billing.usage_ledger
        where tenant_id = @tenant and id < least(platform.uuid_v7_floor(@until), @before)
          and (@run::uuid is null or run_id = @run) and (@agent::uuid is null or agent_id = @agent) and (@user::uuid is null or user_id = @user)
          and (@service::text is null or service_id = @service) and (@since::timestamptz is null or occurred_at >= @since) and (@until::timestamptz is null or occurred_at < @until)
        order by id desc limit @limit
        """;

    public async Task<Result<Page<LedgerEntry>>> Handle(ListLedger request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "ledger", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var args = new
        {
            tenant = call.Tenant,
            run = request.RunId,
            agent = request.AgentId,
            user = request.UserId,
            service = request.Service,
            since = request.Since?.UtcDateTime,
            until = request.Until?.UtcDateTime,
            before = before.Value ?? Guid.AllBitsSet,
            limit = request.Page.Size + 1,
        };
        var rows = await db.Query<LedgerEntry>(Sql, args, cancellationToken);
        return Page<LedgerEntry>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, "ledger", last.Id));
    }
}
