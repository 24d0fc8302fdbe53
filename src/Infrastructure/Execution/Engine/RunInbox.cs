using System.Globalization;
using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What came in for a run: requests, signals, decisions, and how its child runs ended. One round trip.</summary>
sealed class RunInbox(DataSources sources)
{
    /// <summary>Read first: what happens after it counts one more, and so is not overlooked.</summary>
    const string FlagsSql = """
        select wakes, cancel_requested, pause_requested from execution.run_queue
        where tenant_id = @tenant and run_id = @run and lease_owner = @node and attempt = @attempt
        """;

    const string SignalsSql = """
        select id, name, payload::text, created_at from execution.run_signals
        where tenant_id = @tenant and run_id = @run and name = any(@names) order by id
        """;

    const string ApprovalsSql = """
        select id, status, coalesce(edited_payload, payload)::text, comment, decided_by, decided_at from execution.approvals
        where tenant_id = @tenant and id = any(@ids) and status <> 'pending'
        """;

    const string ChildrenSql = """
        select id, status, output::text, error::text from execution.runs
        where tenant_id = @tenant and id = any(@ids) and finished_at is not null
        """;

    /// <summary>Outputs that people gave steps which still wait.</summary>
    const string OverridesSql = """
        select id, overridden_output::text from execution.run_steps where tenant_id = @tenant and id = any(@ids) and overridden_output is not null
        """;

    /// <exception cref="LeaseLostException">Another node has the run.</exception>
    public async Task<Inbox> Read(RunExecution run, IReadOnlyList<OpenNode> waits)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(run.Node.Lost);
        await using var batch = new NpgsqlBatch(connection);
        var flags = Add(batch, FlagsSql, run);
        flags.Parameters.AddWithValue("run", run.RunId);
        flags.Parameters.AddWithValue("node", run.Node.Id);
        flags.Parameters.AddWithValue("attempt", run.Attempt);
        var signals = Add(batch, SignalsSql, run);
        signals.Parameters.AddWithValue("run", run.RunId);
        signals.Parameters.AddWithValue("names", NpgsqlDbType.Array | NpgsqlDbType.Text, waits.Where(wait => wait.Name is not null).Select(wait => wait.Name!).Distinct().ToArray());
        AddIds(Add(batch, ApprovalsSql, run), waits, OpenKind.Approval);
        AddIds(Add(batch, ChildrenSql, run), waits, OpenKind.Child);
        Add(batch, OverridesSql, run).Parameters.AddWithValue("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, waits.Select(wait => wait.StepIdOf(run.RunId)).OfType<Guid>().ToArray());

        await using var reader = await batch.ExecuteReaderAsync(run.Node.Lost);
        if (!await reader.ReadAsync(run.Node.Lost))
        {
            throw new LeaseLostException(run.RunId);
        }

        var inbox = new Inbox(reader.GetInt32(0), reader.GetBoolean(1), reader.GetBoolean(2));
        await reader.NextResultAsync(run.Node.Lost);
        while (await reader.ReadAsync(run.Node.Lost))
        {
            inbox.Signals.Add(new Signal(reader.GetGuid(0), reader.GetString(1), Value(reader, 2), Instant(reader, 3)));
        }

        await reader.NextResultAsync(run.Node.Lost);
        while (await reader.ReadAsync(run.Node.Lost))
        {
            inbox.Outcomes.Add((reader.GetGuid(0), Decision(reader)));
        }

        await reader.NextResultAsync(run.Node.Lost);
        while (await reader.ReadAsync(run.Node.Lost))
        {
            inbox.Outcomes.Add((reader.GetGuid(0), ChildRuns.OutcomeOf(
                reader.GetGuid(0), reader.GetString(1), Value(reader, 2), reader.GetValue(3) is string error ? StoredErrors.Read(error) : null)));
        }

        await reader.NextResultAsync(run.Node.Lost);
        while (await reader.ReadAsync(run.Node.Lost))
        {
            inbox.Overrides.Add((reader.GetGuid(0), Value(reader, 1)));
        }

        return inbox;
    }

    static SkillOutcome Decision(NpgsqlDataReader reader)
    {
        var status = reader.GetString(1);
        var comment = reader.GetValue(3) as string;
        return status switch
        {
            "approved" => Datum.FromObject(new Dictionary<string, Datum>
            {
                ["approved"] = Datum.True,
                ["payload"] = Value(reader, 2),
                ["comment"] = Datum.From(comment),
                ["decided_by"] = Datum.From((reader.GetValue(4) as Guid?)?.ToString()),
                ["decided_at"] = Datum.From(Text(Instant(reader, 5))),
            }),
            "rejected" => new SkillError("rejected", comment is null ? "It was rejected." : $"It was rejected: {comment}", SkillErrorClass.Approval, Retryable: false),
            _ => new SkillError(status, "Nobody decided in time.", SkillErrorClass.Approval, Retryable: false),
        };
    }

    static NpgsqlBatchCommand Add(NpgsqlBatch batch, string sql, RunExecution run)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddWithValue("tenant", run.Plan.TenantId);
        batch.BatchCommands.Add(command);
        return command;
    }

    static void AddIds(NpgsqlBatchCommand command, IReadOnlyList<OpenNode> waits, OpenKind kind) =>
        command.Parameters.AddWithValue("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, waits.Where(wait => wait.Kind == kind).Select(wait => wait.Id).ToArray());

    static Datum Value(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string json ? Json.Read(Encoding.UTF8.GetBytes(json)) : Datum.Null;

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    internal sealed record Signal(Guid Id, string Name, Datum Payload, DateTimeOffset ReceivedAt)
    {
        public Datum ToOutput() => Datum.FromObject(new Dictionary<string, Datum>
        {
            ["signal"] = Datum.From(Name),
            ["payload"] = Payload,
            ["received_at"] = Datum.From(Text(ReceivedAt)),
            ["signal_id"] = Datum.From(Id.ToString()),
        });
    }
}

/// <param name="Wakes">How often the run has been rung in all.</param>
sealed record Inbox(int Wakes, bool CancelRequested, bool PauseRequested)
{
    /// <summary>In the order they came; those that a wait has taken are among them.</summary>
    public List<RunInbox.Signal> Signals { get; } = [];

    /// <summary>By the ids of the steps that wait.</summary>
    public List<(Guid StepId, Datum Output)> Overrides { get; } = [];

    /// <summary>Of approvals and child runs, by their ids.</summary>
    public List<(Guid Id, SkillOutcome Outcome)> Outcomes { get; } = [];
}
