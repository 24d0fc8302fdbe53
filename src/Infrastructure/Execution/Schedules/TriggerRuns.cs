using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>Starts the runs of triggers that no caller fires: schedules and events. They take the way of all other runs.</summary>
sealed class TriggerRuns(RunPlans plans, RunStarter starter, ScheduleCache cache, TriggerFlows flows, DbClock clock)
{
    static readonly Error Skipped = Error.Conflict("concurrency_skip", "As many of the trigger's runs as may go on did.");

    /// <param name="scope">What the input mapping reads; without a mapping it is the input.</param>
    /// <param name="key">The fire's own: whoever fires it again gets the same run.</param>
    public async Task<Result<StartedRun>> Start(FiredTrigger trigger, RunSource source, Datum scope, string key, short eventDepth, CancellationToken ct)
    {
        var plan = await plans.OfAgent(trigger.TenantId, trigger.AgentId.ToString(), trigger.VersionId?.ToString(), ct);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        var input = Input(trigger.Input, scope);
        if (!input.IsOk)
        {
            return input.Error;
        }

        var started = await starter.Start(new NewRun(
            plan.Value, Guid.CreateVersion7(clock.Now), source, trigger.Id, Asker: default, Priority: 0, Deadline: null, input.Value.Utf8, input.Value.Value,
            new RunKey($"trigger:{trigger.Id:n}", key, []))
        { EventDepth = eventDepth, Flow = flows.Of(trigger.Id, trigger.Flow) });
        return started is { IsOk: true, Value.IsSkipped: true } ? Skipped : started;
    }

    Result<(byte[] Utf8, Datum Value)> Input(string? mapping, Datum scope)
    {
        try
        {
            var value = mapping is null ? scope : cache.Input(mapping).Evaluate(scope);
            return Json.Write(value) is { } utf8 && utf8.Length <= StrictJson.MaxBytes
                ? (utf8, value)
                : Error.Invalid("", "input_too_large", $"The mapped input is larger than {StrictJson.MaxBytes} bytes.");
        }
        catch (ExpressionException e)
        {
            return new Error(ErrorKind.Invalid, "input_mapping_failed", $"The trigger's input mapping failed: {e.Error.Message}");
        }
    }
}

/// <param name="Input">Its input mapping, as JSON.</param>
/// <param name="Flow">How its runs are let in, as <see cref="TriggerFlows.Column"/> selects it.</param>
sealed record FiredTrigger(Guid TenantId, Guid Id, Guid AgentId, Guid? VersionId, string? Input, string? Flow);
