using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>
/// Fires what is due, batch after batch until nothing is. Any number of nodes may do so at once. Whatever is wrong with one trigger is
/// written down at it, and the others fire.
/// </summary>
sealed class SchedulePass(DataSources sources, ScheduleCache cache, ServedTenants tenants, TriggerRuns runs, ScheduleOptions options, ILogger<SchedulePass> log)
{
    const int Batch = 512;

    /// <summary>One stores its runs while the other takes and moves its triggers.</summary>
    const int Lanes = 2;

    /// <summary>A batch that holds triggers which make up for much stops here; what is left of it stays due.</summary>
    const int MaxRuns = 5_000;

    int running;

    /// <summary>Returns at once when a pass is under way here.</summary>
    public async Task Run(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref running, 1) == 1)
        {
            return;
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Lane(ct)));
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    async Task Lane(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && await FireSome(ct))
        {
        }
    }

    /// <returns>Whether more may be due.</returns>
    async Task<bool> FireSome(CancellationToken ct)
    {
        await using var due = await DueTriggers.Take(sources, Batch, ct);
        if (due.Triggers.Count == 0)
        {
            return false;
        }

        var served = await tenants.Among(due.Triggers.Select(trigger => trigger.TenantId), ct);
        var firing = new List<Task<HandledTrigger?>>(due.Triggers.Count);
        var asked = 0;
        foreach (var trigger in due.Triggers)
        {
            var plan = Plan(trigger, due.Now, served.Contains(trigger.TenantId));
            asked += plan.Fires.Count;
            firing.Add(Fire(trigger, plan, due.Now, ct));
            if (asked >= MaxRuns)
            {
                break;
            }
        }

        var handled = await Task.WhenAll(firing);
        await due.Move([.. handled.OfType<HandledTrigger>()], ct);
        return due.Triggers.Count == Batch && handled.All(one => one is not null);
    }

    Planned Plan(DueTrigger trigger, DateTimeOffset now, bool isServed)
    {
        var times = cache.Times(trigger.Cron, trigger.TimeZone);
        if (!times.IsOk)
        {
            // Set aside: it would be due for ever.
            return new Planned([], null, times.Error.Fields.Count > 0 ? times.Error.Fields[0].Code : times.Error.Code);
        }

        var due = DueFires.Of(times.Value, trigger.FireAt, now, MisfirePolicies.Parse(trigger.Misfire) ?? MisfirePolicy.Skip, options.MisfireThreshold);
        return isServed ? new Planned(due.Fires, due.Next, due.Missed ? "missed" : null) : new Planned([], due.Next, "tenant_suspended");
    }

    /// <returns>Null when the queue takes no more: the trigger stays due.</returns>
    async Task<HandledTrigger?> Fire(DueTrigger trigger, Planned plan, DateTimeOffset now, CancellationToken ct)
    {
        DateTimeOffset? fired = null;
        DateTimeOffset? skipped = plan.SkipReason is null ? null : trigger.FireAt;
        var reason = plan.SkipReason;
        foreach (var (at, starting) in plan.Fires.Select(at => (at, Start(trigger, at, now, ct))).ToList())
        {
            var refusal = await starting;
            if (refusal == ExecutionErrors.IntakeFull.Code)
            {
                return null;
            }

            if (refusal is null)
            {
                fired = at;
                ScheduleMetrics.Fired(now - at);
            }
            else
            {
                (skipped, reason) = (at, refusal);
            }
        }

        if (reason is not null)
        {
            ScheduleMetrics.Skipped.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }

        return new HandledTrigger(trigger, plan.Next, fired, skipped, reason);
    }

    /// <returns>Why there is no run; null when there is one.</returns>
    async Task<string?> Start(DueTrigger trigger, DateTimeOffset at, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            var scope = ScheduleScope.Of(at, now, trigger.Id, trigger.Name);
            var of = new FiredTrigger(trigger.TenantId, trigger.Id, trigger.AgentId, trigger.VersionId, trigger.Input, trigger.Flow);
            var started = await runs.Start(of, RunSource.Schedule, scope, $"fire:{ScheduleScope.Text(at)}", eventDepth: 0, ct);
            return started.IsOk ? null : CodeOf(started.Error);
        }
        catch (Exception e) when (!RunExecutor.IsOutage(e))
        {
            log.LogError(e, "Trigger {TriggerId} of tenant {TenantId} could not fire for {At}", trigger.Id, trigger.TenantId, at);
            return "fire_failed";
        }
    }

    static string CodeOf(Error error) => error.Code is "invalid" && error.Fields.Count > 0 ? error.Fields[0].Code : error.Code;

    /// <param name="Next">Null sets the trigger aside.</param>
    sealed record Planned(IReadOnlyList<DateTimeOffset> Fires, DateTimeOffset? Next, string? SkipReason);
}
