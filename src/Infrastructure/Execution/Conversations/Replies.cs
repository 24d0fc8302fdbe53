using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Execution.Control;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>Runs that answer. They are stored in the transaction of the message, or of the turn; how they end the database notes at their reply.</summary>
sealed class Replies(Db db, CallContext call, RunPlans plans, QueueEntries queue, Backlog backlog, EngineOptions options, DbClock clock) : IReplies
{
    const string SaidSql = "select seq, content, files::text from execution.messages where tenant_id = @tenant and id = @id and conversation_id = @conversation";

    /// <summary>What is in force before it. Of files only the texts: an image is shown once.</summary>
    const string HistorySql = """
        select seq, role, content, (select jsonb_agg(f - 'base64') from jsonb_array_elements(files) f)::text as files
        from execution.messages
        where tenant_id = @tenant and conversation_id = @conversation and seq < @seq and seq > @after and superseded_at is null
          and (role = 'user' or (status = 'succeeded' and content <> ''))
        order by seq desc limit @limit
        """;

    const string AddRunSql = """
        insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, conversation_id, status, input, config, created_by, api_key_id, steps_total, trace_parent)
        values (@tenant, @id, @agent, @version, 'manual', @conversation, 'queued', @input::json, @config::json, @user, @key, @steps, @trace)
        """;

    const string BeginSql = """
        with begun as (
          update execution.messages set status = 'running', run_id = @run where tenant_id = @tenant and id = @reply
        )
        update execution.conversations
        set active_message_id = @reply, active_run_id = @run, summary_due = greatest(summary_due, @due)
        where tenant_id = @tenant and id = @conversation
        """;

    public async Task<Result<Guid>> Begin(OpenConversation conversation, WaitingReply reply, CancellationToken ct)
    {
        var found = await plans.OfAgent(call.Tenant, conversation.AgentId.ToString(), null, ct);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var plan = found.Value;
        if (backlog.Total >= options.MaxQueueDepth || backlog.Of(call.Tenant) >= plan.Queue.MaxQueued)
        {
            return ExecutionErrors.IntakeFull;
        }

        var said = (await db.One<SaidRow>(SaidSql, new { tenant = call.Tenant, conversation = conversation.Id, id = reply.ReplyTo }, ct))!;
        var (history, due) = await Remember(plan.Memory, conversation, said.Seq, ct);
        var input = Input(plan, conversation, said, history);
        if (!input.IsOk)
        {
            return input.Error;
        }

        var run = Guid.CreateVersion7(clock.Now);
        await db.Execute(AddRunSql, new
        {
            tenant = call.Tenant,
            id = run,
            agent = plan.AgentId,
            version = plan.VersionId,
            conversation = conversation.Id,
            input = Encoding.UTF8.GetString(input.Value),
            config = plan.ConfigJson is { } config ? Encoding.UTF8.GetString(config) : null,
            user = conversation.UserId,
            key = reply.ApiKeyId,
            steps = plan.Graph.Nodes.Count,
            trace = RunTraces.Here(),
        }, ct);
        await queue.Add([(run, plan)], ct);
        await db.Execute(BeginSql, new { tenant = call.Tenant, conversation = conversation.Id, reply = reply.Id, run, due }, ct);
        return run;
    }

    /// <summary>What the run is given of what was said before, and up to where a summary is due: 0 when it is not.</summary>
    async Task<(IReadOnlyList<Said> History, int Due)> Remember(AgentMemory memory, OpenConversation conversation, int seq, CancellationToken ct)
    {
        // What gathers behind the window is given as well until it is summed up: so nothing is missing in between.
        var most = memory.IsEnabled ? memory.Messages + memory.SummarizeAfter : memory.Messages;
        var rows = await db.Query<HistoryRow>(
            HistorySql, new { tenant = call.Tenant, conversation = conversation.Id, seq, after = memory.IsEnabled ? conversation.SummarySeq : 0, limit = most }, ct);
        var former = rows.Select(row => new Said(row.Role, Talk.TextOf(row.Content, StoredFiles.Read(row.Files)))).ToList();
        var kept = new HistoryWindow(memory.Messages, memory.Tokens).Of(former).Count;
        var due = memory.IsEnabled && rows.Count - kept >= memory.SummarizeAfter ? rows[kept].Seq : 0;
        return (new HistoryWindow(most, memory.Tokens).Of(former), due);
    }

    static Result<byte[]> Input(RunPlan plan, OpenConversation conversation, SaidRow said, IReadOnlyList<Said> history)
    {
        var files = StoredFiles.Read(said.Files);
        var message = Talk.TextOf(said.Content, files);
        var input = ReplyInput.Whole(conversation, message, files, history);
        if (input.Length > StrictJson.MaxBytes)
        {
            return Error.Invalid("/files", "too_large", $"With its files the message is larger than a run's input may be ({StrictJson.MaxBytes} bytes).");
        }

        // An agent that is particular about its input is given what every agent that can be talked to knows.
        return Faults(plan, input).Count == 0 ? input
            : Faults(plan, ReplyInput.Bare(message)) is { Count: > 0 } faults ? Error.Invalid(faults)
            : ReplyInput.Bare(message);
    }

    static IReadOnlyList<FieldError> Faults(RunPlan plan, byte[] input)
    {
        using var document = JsonDocument.Parse(input);
        return plan.InputFaults(document.RootElement);
    }

    sealed record SaidRow(int Seq, string Content, string? Files);

    sealed record HistoryRow(int Seq, string Role, string Content, string? Files);
}
