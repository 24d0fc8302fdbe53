using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Runs that a run starts. A child's id is computed from the step that starts it and the same key guards it in the intake,
/// so that a step which is repeated after a crash finds the child that it has.
/// </summary>
sealed class ChildRuns(RunPlans plans, Lazy<RunStarter> starter, DataSources sources)
{
    const string CancelSql = """
        with asked as (
          update execution.run_queue
          set cancel_requested = true, wakes = wakes + 1, parked = false, available_at = case when parked then now() else available_at end
          where tenant_id = @tenant and run_id = any(@ids)
          returning tenant_id, run_id
        )
        select pg_notify('run_control', tenant_id || ':' || run_id), pg_notify('runs_queued', '') from asked
        """;

    /// <returns>The child that is waited for, or what the step gave at once.</returns>
    public async Task<(OpenNode?, SkillOutcome?)> Open(RunExecution run, OpenNode draft, Datum with, bool isNew)
    {
        var id = DerivedId.Of(run.RunId, draft.Frame.KeyOf(draft.Node), $"child/{draft.Attempt}");
        var open = draft with { Kind = OpenKind.Child, Id = id };
        if (!isNew)
        {
            return (open, null);
        }

        var (child, refusal) = await Make(run, draft, with, id);
        if (child is null)
        {
            return (null, refusal!);
        }

        var (finished, error) = await starter.Value.StartChild(child);
        if (error is not null)
        {
            return (null, new SkillError(error.Code, error.Message, SkillErrorClass.InvalidInput, Retryable: false));
        }

        if (child.Family!.IsDetached)
        {
            return (null, Datum.FromObject(new Dictionary<string, Datum> { ["run_id"] = Datum.From(id.ToString()) }));
        }

        return finished is not null
            ? (null, OutcomeOf(id, finished.Status.ToText(), finished.Output is { } output ? Json.Read(output) : Datum.Null, finished.Error is { } failed ? StoredErrors.Read(System.Text.Encoding.UTF8.GetString(failed)) : null))
            : (open, null);
    }

    /// <summary>Asks child runs to stop, wherever they are; those that nobody holds are taken up to be ended.</summary>
    public async Task Cancel(RunExecution run, IReadOnlyList<Guid> ids)
    {
        await using var command = sources.Writer.CreateCommand(CancelSql);
        command.Parameters.AddWithValue("tenant", run.Plan.TenantId);
        command.Parameters.AddWithValue("ids", ids.ToArray());
        await command.ExecuteNonQueryAsync(run.Node.Lost);
    }

    public static SkillOutcome OutcomeOf(Guid id, string status, Datum output, SkillError? error)
    {
        if (status == "succeeded")
        {
            return output;
        }

        var why = error?.Message ?? "It gives no reason.";
        return new SkillError(
            error?.Code ?? status, $"The agent's run ended as {status}: {why}", SkillErrorClass.Agent, error?.Retryable ?? false,
            Detail: JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["run_id"] = id.ToString(), ["status"] = status }));
    }

    async Task<(NewRun?, SkillError?)> Make(RunExecution run, OpenNode draft, Datum with, Guid id)
    {
        if (!with.TryGetProperty("agent", out var agent) || agent.Kind is not DatumKind.String)
        {
            return Refused("invalid_with", "Name the agent by its slug or id.");
        }

        var version = with.TryGetProperty("version", out var asked) && asked.Kind is DatumKind.String ? asked.GetString() : null;
        var plan = await plans.OfAgent(run.Plan.TenantId, agent.GetString(), version, run.Node.Lost);
        if (!plan.IsOk)
        {
            return Refused(plan.Error.Code, plan.Error.Message);
        }

        var family = run.Facts.Family;
        Guid[] lineage = [.. family?.Lineage ?? [], run.Plan.AgentId];
        if (lineage.Contains(plan.Value.AgentId))
        {
            return Refused("agent_cycle", $"The agent {plan.Value.AgentSlug} is already at work above this run; an agent cannot call itself, not even through others.");
        }

        if (lineage.Length > RunFamily.MaxDepth)
        {
            return Refused("agent_depth", $"Agents call each other at most {RunFamily.MaxDepth} deep.");
        }

        var input = with.TryGetProperty("input", out var given) && !given.IsNull ? given : Datum.FromObject(new Dictionary<string, Datum>());
        if (Json.Write(input) is not { Length: <= Domain.Shared.Json.StrictJson.MaxBytes } bytes)
        {
            return Refused("input_too_large", $"A run's input has at most {Domain.Shared.Json.StrictJson.MaxBytes} bytes.");
        }

        var isDetached = with.TryGetProperty("detached", out var apart) && apart.IsTruthy;
        var priority = with.TryGetProperty("priority", out var wish) && wish.Kind is DatumKind.Number ? (short)Math.Clamp(wish.GetDouble(), -100, 100) : (short)0;
        return (new NewRun(
            plan.Value, id, RunSource.Agent, TriggerId: null, run.Facts.Asker, priority, isDetached ? null : run.Deadline, bytes, Json.Read(bytes),
            new RunKey($"child:{run.RunId:n}", $"{draft.Frame.KeyOf(draft.Node)}#{draft.Attempt}", []))
        {
            Family = new RunFamily(run.RunId, family?.RootRunId ?? run.RunId, lineage, isDetached),
        }, null);
    }

    static (NewRun?, SkillError?) Refused(string code, string message) => (null, new SkillError(code, message, SkillErrorClass.InvalidInput, Retryable: false));
}
