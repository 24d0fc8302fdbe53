using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What models called, noted beside the steps that did it: in the transaction that proved that this node holds their runs.</summary>
static class ToolExecutions
{
    /// <summary>A call that has ended is only ended again by a further attempt at it.</summary>
    const string UpsertSql = """
        insert into execution.tool_executions as t (tenant_id, id, request_id, run_id, step_id, conversation_id, agent_id, skill_id, skill_version_id, tool_name, input, output, status,
          attempts, http_status, error_code, error_message, error_detail, duration_ms, llm_source, user_id, started_at, completed_at)
        select c.tenant_id, c.id, c.request_id, c.run_id, c.step_id, r.conversation_id, r.agent_id, c.skill_id, c.skill_version_id, c.tool_name, c.input, c.output, c.status,
          c.attempts, c.http_status, c.error_code, c.error_message, c.error_detail, c.duration_ms, c.llm_source, r.created_by, c.started_at, c.completed_at
        from unnest(@tenants, @ids, @requests, @runs, @steps, @skills, @versions, @tools, @inputs, @outputs, @statuses, @attempts, @https, @codes, @messages, @details, @durations,
            @models, @started, @completed)
          as c (tenant_id, id, request_id, run_id, step_id, skill_id, skill_version_id, tool_name, input, output, status, attempts, http_status, error_code, error_message, error_detail,
            duration_ms, llm_source, started_at, completed_at)
        join execution.runs r on r.tenant_id = c.tenant_id and r.id = c.run_id
        on conflict (tenant_id, id) do update
        set step_id = excluded.step_id, input = excluded.input, output = excluded.output, status = excluded.status, attempts = excluded.attempts, http_status = excluded.http_status,
          error_code = excluded.error_code, error_message = excluded.error_message, error_detail = excluded.error_detail, duration_ms = excluded.duration_ms,
          completed_at = excluded.completed_at
        where t.completed_at is null or t.attempts < excluded.attempts
        """;

    const int MaxName = 255;
    const int MaxMessage = 4000;
    const int MaxModel = 320;

    public static void Store(NpgsqlConnection connection, IEnumerable<(RunExecution Run, StepRecord Step)> steps)
    {
        // Of several steps of one call the last one says how it stands.
        List<Row> rows = [.. steps.Select(entry => Of(entry.Run, entry.Step)).OfType<Row>().GroupBy(row => (row.Tenant, row.Id)).Select(group => group.Last())];
        if (rows.Count == 0)
        {
            return;
        }

        using var command = new NpgsqlCommand(UpsertSql, connection);
        var columns = new Columns(command.Parameters, rows.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => rows[i].Tenant);
        columns.Add("ids", NpgsqlDbType.Uuid, i => rows[i].Id);
        columns.Add("requests", NpgsqlDbType.Text, i => rows[i].RequestId);
        columns.Add("runs", NpgsqlDbType.Uuid, i => rows[i].RunId);
        columns.Add("steps", NpgsqlDbType.Uuid, i => rows[i].StepId);
        columns.Add("skills", NpgsqlDbType.Uuid, i => rows[i].Call.Skill?.SkillId);
        columns.Add("versions", NpgsqlDbType.Uuid, i => rows[i].Call.Skill?.VersionId);
        columns.Add("tools", NpgsqlDbType.Text, i => Start(rows[i].Call.Tool, MaxName) is { Length: > 0 } name ? name : "?");
        columns.Add("inputs", NpgsqlDbType.Json, i => rows[i].Input);
        columns.Add("outputs", NpgsqlDbType.Json, i => rows[i].Output);
        columns.Add("statuses", NpgsqlDbType.Text, i => rows[i].Status);
        columns.Add("attempts", NpgsqlDbType.Integer, i => rows[i].Attempts);
        columns.Add("https", NpgsqlDbType.Integer, i => rows[i].HttpStatus);
        columns.Add("codes", NpgsqlDbType.Text, i => rows[i].Error is { } error ? Start(error.Code, 128) : null);
        columns.Add("messages", NpgsqlDbType.Text, i => rows[i].Error is { } error ? Start(error.Message, MaxMessage) : null);
        columns.Add("details", NpgsqlDbType.Jsonb, i => rows[i].Error?.Detail?.GetRawText());
        columns.Add("durations", NpgsqlDbType.Bigint, i => rows[i].CompletedAt is { } end ? Math.Max(0, (long)(end - rows[i].StartedAt).TotalMilliseconds) : (long?)null);
        columns.Add("models", NpgsqlDbType.Text, i => Start(rows[i].Call.Model, MaxModel));
        columns.Add("started", NpgsqlDbType.TimestampTz, i => rows[i].StartedAt.UtcDateTime);
        columns.Add("completed", NpgsqlDbType.TimestampTz, i => rows[i].CompletedAt?.UtcDateTime);
        command.ExecuteNonQuery();
    }

    /// <summary>Null where the step changes nothing about its call: one that a person let through is made by the next step.</summary>
    static Row? Of(RunExecution run, StepRecord step)
    {
        if (step.Tool is not { } call)
        {
            return null;
        }

        var isMade = step.Node.Id == call.Node;
        var error = step.Error is { } stored ? StoredErrors.Read(Encoding.UTF8.GetString(stored)) : null;
        var status = (step.Status, isMade) switch
        {
            (StepStatus.Waiting, true) => "running",
            (StepStatus.Waiting, false) => "pending",
            (StepStatus.Succeeded, true) => "succeeded",
            // It is tried again once somebody has consented.
            (StepStatus.Failed, true) when Consents.IsAwaited(error!) => "pending",
            (StepStatus.Failed, true) => error?.Class == SkillErrorClass.Timeout ? "timeout" : "failed",
            // Nobody allowed it.
            (StepStatus.Failed, false) or (StepStatus.Canceled, _) => "canceled",
            _ => null,
        };
        if (status is null)
        {
            return null;
        }

        var key = $"{step.Path}/{call.Node}";
        return new Row(run.Plan.TenantId, DerivedId.Of(run.RunId, key, "tool"), $"{run.RunId:n}/{key}", run.RunId, status, call)
        {
            StepId = isMade ? StepId.Of(run.RunId, step.Sequence) : null,
            Input = isMade && step.Input is { } input ? input : Json.Write(call.Arguments),
            Output = step.Status is StepStatus.Succeeded ? Told(step.Output!) : null,
            Attempts = isMade ? Math.Max(step.Attempt, 1) : 0,
            HttpStatus = call.Skill?.Type is SkillType.HttpRequest ? StatusOf(step.Output, error) : null,
            Error = error,
            StartedAt = step.StartedAt,
            CompletedAt = status is "pending" ? null : step.FinishedAt,
        };
    }

    /// <summary>What the model was told of it: the output itself, or its beginning as a text.</summary>
    static byte[] Told(byte[] output) =>
        output.Length <= ToolResult.MaxBytes ? output : Json.Write(Datum.From(ToolResult.Of(Json.Read(output))))!;

    static int? StatusOf(byte[]? output, SkillError? error)
    {
        var status = output is not null ? Json.Read(output).Value("status")
            : error?.Detail is { ValueKind: JsonValueKind.Object } detail ? Datum.From(detail).Value("status")
            : null;
        return status is { Kind: DatumKind.Number } number && number.GetDouble() is >= 100 and <= 599 and var code ? (int)code : null;
    }

    static string Start(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    sealed record Row(Guid Tenant, Guid Id, string RequestId, Guid RunId, string Status, ToolCall Call)
    {
        public Guid? StepId { get; init; }

        public byte[]? Input { get; init; }

        public byte[]? Output { get; init; }

        public int Attempts { get; init; }

        public int? HttpStatus { get; init; }

        public SkillError? Error { get; init; }

        public DateTimeOffset StartedAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }
    }
}
