using System.Text.Json;
using AgentPlatform.Application.Execution.Conversations;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

static class MessageSql
{
    /// <summary>
    /// Of the files all but what is in them. The calls of a reply's model are read from where the engine notes them as they are made: their ids have the run's
    /// time (Domain/Execution/DerivedId.cs), so they are a range of the primary key.
    /// </summary>
    public const string Columns = """
        m.id, m.conversation_id, m.seq, m.role, m.status, m.content, m.is_truncated,
          (select jsonb_agg(jsonb_build_object('index', place - 1, 'name', file -> 'name', 'media_type', file -> 'media_type', 'bytes', file -> 'bytes') order by place)
            from jsonb_array_elements(m.files) with ordinality f (file, place))::text as files,
          m.reply_to, m.replaces, m.superseded_by, m.superseded_at, m.run_id, m.model,
          case when m.role = 'assistant' and m.run_id is not null then (
            select json_agg(json_build_object('id', t.id, 'tool', t.tool_name, 'arguments', t.input, 'result_excerpt', left(t.output::text, 2000), 'status', t.status,
              'duration_ms', t.duration_ms) order by t.started_at, t.id)
            from execution.tool_executions t
            where t.tenant_id = m.tenant_id and t.run_id = m.run_id
              and t.id between (left(m.run_id::text, 13) || '-0000-0000-000000000000')::uuid and (left(m.run_id::text, 13) || '-ffff-ffff-ffffffffffff')::uuid) end::text as tool_calls,
          m.error, m.input_tokens, m.output_tokens, m.cost_micros, m.latency_ms, m.satisfaction::int, m.usefulness::int, m.feedback, m.created_at, m.finished_at
        """;

    public const string One = $"select {Columns} from execution.messages m where m.tenant_id = @tenant and m.id = @id and m.conversation_id = @conversation";
}

/// <summary>A message as it is read; the view has its files as a list.</summary>
sealed record MessageRow(
    Guid Id, Guid ConversationId, int Seq, string Role, string Status, string Content, bool IsTruncated, string? Files, Guid? ReplyTo, Guid? Replaces, Guid? SupersededBy,
    DateTimeOffset? SupersededAt, Guid? RunId, string? Model, JsonElement? ToolCalls, JsonElement? Error, long InputTokens, long OutputTokens, long CostMicros, long? LatencyMs,
    int? Satisfaction, int? Usefulness, string? Feedback, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public MessageView ToView() => new(
        Id, ConversationId, Seq, Role, Status, Content, IsTruncated, Files is null ? [] : JsonSerializer.Deserialize<FileView[]>(Files, StoredFiles.Format)!, ReplyTo, Replaces,
        SupersededBy, SupersededAt, RunId, Model, ToolCalls, Error, InputTokens, OutputTokens, CostMicros, LatencyMs, Satisfaction, Usefulness, Feedback, CreatedAt, FinishedAt);
}
