using AgentPlatform.Domain.Execution;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Steps as array parameters, and the row source that a statement makes of them.</summary>
static class StepColumns
{
    /// <summary>The columns of <c>execution.run_steps</c> in the order of <see cref="RowSource"/>.</summary>
    public const string Names = """
        tenant_id, id, run_id, path, node_id, idx, item, attempt, skill_id, skill_version_id, status, input, output, error, run_attempt,
        started_event, finished_event, started_at, finished_at, usage
        """;

    public const string RowSource = """
        unnest(@step_tenants, @step_ids, @step_runs, @step_paths, @step_nodes, @step_idx, @step_items, @step_attempts, @step_skills, @step_versions, @step_statuses,
          @step_inputs, @step_outputs, @step_errors, @step_run_attempts, @step_started_events, @step_finished_events, @step_started, @step_finished, @step_usages)
          as s (tenant_id, id, run_id, path, node_id, idx, item, attempt, skill_id, skill_version_id, status, input, output, error, run_attempt,
            started_event, finished_event, started_at, finished_at, usage)
        """;

    /// <summary>Steps that were stored as waiting and have ended.</summary>
    const string UpdateSql = """
        update execution.run_steps s
        set status = u.status, input = coalesce(s.input, u.input), output = u.output, error = u.error, finished_event = u.finished_event,
          finished_attempt = u.finished_attempt, finished_at = u.finished_at, usage = u.usage
        from unnest(@tenants, @ids, @statuses, @inputs, @outputs, @errors, @events, @attempts, @finished, @usages)
          as u (tenant_id, id, status, input, output, error, finished_event, finished_attempt, finished_at, usage)
        where s.tenant_id = u.tenant_id and s.id = u.id
        """;

    /// <summary>Ends steps that were stored as waiting, in the transaction that proved that this node holds their runs.</summary>
    public static void Update(NpgsqlConnection connection, IReadOnlyList<(RunExecution Run, StepRecord Step)> steps)
    {
        using var command = new NpgsqlCommand(UpdateSql, connection);
        var columns = new Columns(command.Parameters, steps.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => steps[i].Run.Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => StepId.Of(steps[i].Run.RunId, steps[i].Step.Sequence));
        columns.Add("statuses", NpgsqlDbType.Text, i => steps[i].Step.Status.ToText());
        columns.Add("inputs", NpgsqlDbType.Json, i => steps[i].Step.Input);
        columns.Add("outputs", NpgsqlDbType.Json, i => steps[i].Step.Output);
        columns.Add("errors", NpgsqlDbType.Jsonb, i => steps[i].Step.Error);
        columns.Add("events", NpgsqlDbType.Integer, i => steps[i].Step.FinishedEvent);
        columns.Add("attempts", NpgsqlDbType.Integer, i => steps[i].Run.Attempt);
        columns.Add("finished", NpgsqlDbType.TimestampTz, i => steps[i].Step.FinishedAt?.UtcDateTime);
        columns.Add("usages", NpgsqlDbType.Jsonb, i => steps[i].Step.Usage);
        command.ExecuteNonQuery();
    }

    public static void Add(NpgsqlParameterCollection parameters, IReadOnlyList<(RunExecution Run, StepRecord Step)> steps)
    {
        var columns = new Columns(parameters, steps.Count);
        columns.Add("step_tenants", NpgsqlDbType.Uuid, i => steps[i].Run.Plan.TenantId);
        columns.Add("step_ids", NpgsqlDbType.Uuid, i => StepId.Of(steps[i].Run.RunId, steps[i].Step.Sequence));
        columns.Add("step_runs", NpgsqlDbType.Uuid, i => steps[i].Run.RunId);
        columns.Add("step_paths", NpgsqlDbType.Text, i => steps[i].Step.Path);
        columns.Add("step_nodes", NpgsqlDbType.Text, i => steps[i].Step.Node.Id);
        columns.Add("step_idx", NpgsqlDbType.Integer, i => steps[i].Step.Node.Index);
        columns.Add("step_items", NpgsqlDbType.Integer, i => steps[i].Step.Item);
        columns.Add("step_attempts", NpgsqlDbType.Integer, i => steps[i].Step.Attempt);
        columns.Add("step_skills", NpgsqlDbType.Uuid, i => steps[i].Step.Node.Skill.SkillId);
        columns.Add("step_versions", NpgsqlDbType.Uuid, i => steps[i].Step.Node.Skill.VersionId);
        columns.Add("step_statuses", NpgsqlDbType.Text, i => steps[i].Step.Status.ToText());
        columns.Add("step_inputs", NpgsqlDbType.Json, i => steps[i].Step.Input);
        columns.Add("step_outputs", NpgsqlDbType.Json, i => steps[i].Step.Output);
        columns.Add("step_errors", NpgsqlDbType.Jsonb, i => steps[i].Step.Error);
        columns.Add("step_run_attempts", NpgsqlDbType.Integer, i => steps[i].Step.RunAttempt);
        columns.Add("step_started_events", NpgsqlDbType.Integer, i => steps[i].Step.StartedEvent);
        columns.Add("step_finished_events", NpgsqlDbType.Integer, i => steps[i].Step.FinishedEvent);
        columns.Add("step_started", NpgsqlDbType.TimestampTz, i => steps[i].Step.StartedAt.UtcDateTime);
        columns.Add("step_finished", NpgsqlDbType.TimestampTz, i => steps[i].Step.FinishedAt?.UtcDateTime);
        columns.Add("step_usages", NpgsqlDbType.Jsonb, i => steps[i].Step.Usage);
    }
}
