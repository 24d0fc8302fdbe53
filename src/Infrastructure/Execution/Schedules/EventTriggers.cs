using AgentPlatform.Application.Execution;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Outbox;
using Dapper;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>
/// Starts the runs of triggers that wait for an event's topic, one for each event and trigger however often it is told. Runs that events started
/// count how many came before them, so that agents which wake each other come to an end.
/// </summary>
sealed class EventTriggers(DataSources sources, ServedTenants tenants, TriggerRuns runs) : IOutboxHandler
{
    /// <summary>So many events may follow from one another.</summary>
    public const int MaxDepth = 16;

    const string WaitingSql = $"""
        select tenant_id, id, agent_id, version_id, input::text as input, {TriggerFlows.Column} from execution.triggers where tenant_id = @tenant and topic = @topic and is_enabled order by id
        """;

    /// <summary>A child run has its root's depth.</summary>
    const string DepthSql = """
        select coalesce(max(above.event_depth), 0)::int
        from execution.runs r join execution.runs above on above.tenant_id = r.tenant_id and above.id in (r.id, r.root_run_id)
        where r.tenant_id = @tenant and r.id = @run
        """;

    const string FiredSql = "update execution.trigger_times set last_fired_at = @at where tenant_id = @tenant and trigger_id = @id";

    const string SkippedSql = "update execution.trigger_times set last_skipped_at = @at, skip_reason = @reason where tenant_id = @tenant and trigger_id = @id";

    public string Name => "triggers";

    public bool Handles(string type) => true;

    public async Task Handle(OutboxEvent told, CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        var waiting = (await connection.QueryAsync<FiredTrigger>(new CommandDefinition(WaitingSql, new { tenant = told.TenantId, topic = told.Type }, cancellationToken: ct))).AsList();
        if (waiting.Count == 0)
        {
            return;
        }

        var isServed = (await tenants.Among([told.TenantId], ct)).Contains(told.TenantId);
        var depth = 1 + await Depth(connection, told, ct);
        foreach (var trigger in waiting)
        {
            var refusal = !isServed ? "tenant_suspended" : depth > MaxDepth ? "event_loop" : await Start(trigger, told, (short)depth, ct);
            await Write(connection, trigger, told, refusal, ct);
        }
    }

    async Task<string?> Start(FiredTrigger trigger, OutboxEvent told, short depth, CancellationToken ct)
    {
        var started = await runs.Start(trigger, RunSource.Event, EventScope.Of(told), $"event:{told.Id:n}", depth, ct);
        return started.IsOk ? null
            : started.Error == ExecutionErrors.IntakeFull || started.Error == ExecutionErrors.TenantQueueFull ? throw new TimeoutException(started.Error.Message)
            : started.Error.Fields is [var field, ..] ? field.Code : started.Error.Code;
    }

    static async Task<int> Depth(NpgsqlConnection connection, OutboxEvent told, CancellationToken ct) => Guid.TryParse(told.Key, out var run)
        ? await connection.ExecuteScalarAsync<int>(new CommandDefinition(DepthSql, new { tenant = told.TenantId, run }, cancellationToken: ct))
        : 0;

    static async Task Write(NpgsqlConnection connection, FiredTrigger trigger, OutboxEvent told, string? refusal, CancellationToken ct)
    {
        var of = new { tenant = trigger.TenantId, id = trigger.Id, at = told.CreatedAt, reason = refusal };
        if (refusal is null)
        {
            await connection.ExecuteAsync(new CommandDefinition(FiredSql, of, cancellationToken: ct));
            return;
        }

        ScheduleMetrics.Skipped.Add(1, new KeyValuePair<string, object?>("reason", refusal));
        await connection.ExecuteAsync(new CommandDefinition(SkippedSql, of, cancellationToken: ct));
    }
}
