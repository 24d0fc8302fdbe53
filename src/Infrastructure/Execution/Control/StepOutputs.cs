using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Control;

sealed class StepOutputs(Db db, CallContext call, RunFamilies families) : IStepOutputs
{
    const string FindRunSql = $"select id, status, reuses from execution.runs where tenant_id = @tenant and id = @run and {RunSql.Visible}";

    const string FindSql = """
        select id, status, overridden_output is not null as overridden from execution.run_steps
        where tenant_id = @tenant and run_id = @run and id between @first and @last and node_id = @node and coalesce(path, '') = @path
        order by id desc limit 1
        """;

    const string OverrideSql = """
        update execution.run_steps set overridden_output = @output::json, overridden_by = @user, overridden_at = now()
        where tenant_id = @tenant and id = @step
        returning overridden_at
        """;

    /// <summary>A step that waits has ended with it, as the run's last event so far.</summary>
    const string CompleteSql = """
        update execution.run_steps s
        set overridden_output = @output::json, overridden_by = @user, overridden_at = now(), status = 'succeeded', finished_at = now(), finished_attempt = r.attempt,
          finished_event = 1 + greatest(1, (
            select max(greatest(e.started_event, e.finished_event)) from execution.run_steps e
            where e.tenant_id = @tenant and e.run_id = @run and e.id between @first and @last and coalesce(e.finished_attempt, e.run_attempt) = r.attempt))
        from execution.runs r
        where s.tenant_id = @tenant and s.id = @step and r.tenant_id = @tenant and r.id = @run
        returning s.overridden_at
        """;

    /// <summary>Nobody needs to decide any more.</summary>
    const string WithdrawSql = """
        update execution.approvals set status = 'canceled', decided_by = @user, decided_at = now(), updated_at = now()
        where tenant_id = @tenant and run_id = @run and node_id = @node and coalesce(path, '') = @path and status = 'pending'
        """;

    const string FindReusedSql = """
        select s.id, s.status, r.overridden_output is not null as overridden
        from execution.run_reused_steps r join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
        where r.tenant_id = @tenant and r.run_id = @run and r.node_id = @node and r.path = @path
        """;

    const string OverrideReusedSql = """
        update execution.run_reused_steps set overridden_output = @output::json, overridden_by = @user, overridden_at = now()
        where tenant_id = @tenant and run_id = @run and node_id = @node and path = @path
        returning overridden_at
        """;

    const string RingSql = "select execution.ring(@tenant, @run)";

    static readonly Error Running = Error.Conflict("run_is_running", "The step is not waiting and its run is under way; pause the run first.");

    public async Task<Result<OverriddenStep>> Override(Guid run, string node, string path, JsonElement output, CancellationToken ct)
    {
        var overridden = await families.Locked([run], family => Change(run, node, path, output, family.FirstOrDefault(member => member.RunId == run), ct), ct);
        return overridden.IsOk ? overridden.Value : overridden.Error;
    }

    /// <param name="queued">The run's locked queue row; null when it has ended.</param>
    async Task<Result<OverriddenStep>> Change(Guid run, string node, string path, JsonElement output, QueuedRun? queued, CancellationToken ct)
    {
        if (await db.One<RunRow>(FindRunSql, new { tenant = call.Tenant, run, me = call.UserId, all = call.SeesAllTalks() }, ct) is not { } found)
        {
            return ExecutionErrors.RunNotFound;
        }

        var (first, last) = StepId.Range(run);
        var args = new { tenant = call.Tenant, run, node, path, first, last };
        var own = await db.One<StepRow>(FindSql, args, ct);
        var step = own ?? (found.Reuses ? await db.One<StepRow>(FindReusedSql, args, ct) : null);
        if (step is null)
        {
            return ExecutionErrors.StepNotFound;
        }

        if (queued is { Held: true } && step.Status != "waiting")
        {
            return Running;
        }

        var waits = queued is not null && step.Status == "waiting";
        var completes = waits && queued is { Held: false };
        var change = new { tenant = call.Tenant, run, node, path, step = step.Id, first, last, output = output.GetRawText(), user = call.UserId };
        var at = await db.One<DateTimeOffset>(completes ? CompleteSql : own is null ? OverrideReusedSql : OverrideSql, change, ct);
        if (waits)
        {
            await db.Execute(WithdrawSql, change, ct);
            await db.Query<string>(RingSql, new { tenant = call.Tenant, run }, ct);
        }

        var status = completes ? "succeeded" : step.Status;
        return new OverriddenStep(new OverriddenStepView(run, node, path.Length == 0 ? null : path, status, output, call.UserId, at), step.Overridden);
    }

    sealed record RunRow(Guid Id, string Status, bool Reuses);

    sealed record StepRow(Guid Id, string Status, bool Overridden);
}
