using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What runs ask of people. A request's id is computed from its step, so a repeat after a crash asks nobody twice.</summary>
sealed class ApprovalRequests(DataSources sources)
{
    const int MaxTitle = 255;

    const string InsertSql = """
        insert into execution.approvals (tenant_id, id, run_id, path, node_id, title, payload, assignee_user_id, assignee_team_id, expires_at)
        values (@tenant, @id, @run, @path, @node, @title, @payload, @user, @team, @expires)
        on conflict do nothing
        """;

    const string ExpireSql = """
        update execution.approvals set status = 'expired', decided_at = now(), updated_at = now() where tenant_id = @tenant and id = @id and status = 'pending'
        """;

    /// <returns>The open request, or why it cannot be made.</returns>
    public async Task<(OpenNode?, SkillOutcome?)> Open(RunExecution run, OpenNode draft, Datum with, bool isNew)
    {
        var (title, refusal) = Title(with);
        TimeSpan? patience = null;
        if (with.TryGetProperty("expires_in", out var expires) && !expires.IsNull && (patience = WaitTerms.Length(expires)) is null)
        {
            refusal ??= Refused("The expires_in of an approval is a time of at most 365 days, like \"24h\" or \"7d\".");
        }

        var (user, userRefusal) = Id(with, "assignee", "user");
        var (team, teamRefusal) = Id(with, "team", "team");
        if ((refusal ?? userRefusal ?? teamRefusal) is { } why)
        {
            return (null, why);
        }

        var dueAt = draft.Step!.StartedAt + patience;
        var open = draft with { Kind = OpenKind.Approval, DueAt = dueAt, Id = DerivedId.Of(run.RunId, draft.Frame.KeyOf(draft.Node), $"approval/{draft.Attempt}") };
        if (isNew)
        {
            await Insert(run, open, title!, with.TryGetProperty("payload", out var payload) ? payload : Datum.Null, user, team);
        }

        return (open, null);
    }

    /// <returns>False when somebody decided before.</returns>
    public async Task<bool> Expire(RunExecution run, Guid id)
    {
        await using var command = sources.Writer.CreateCommand(ExpireSql);
        command.Parameters.AddWithValue("tenant", run.Plan.TenantId);
        command.Parameters.AddWithValue("id", id);
        return await command.ExecuteNonQueryAsync(run.Node.Lost) == 1;
    }

    async Task Insert(RunExecution run, OpenNode open, string title, Datum payload, Guid? user, Guid? team)
    {
        await using var command = sources.Writer.CreateCommand(InsertSql);
        var parameters = command.Parameters;
        parameters.AddWithValue("tenant", run.Plan.TenantId);
        parameters.AddWithValue("id", open.Id);
        parameters.AddWithValue("run", run.RunId);
        parameters.Add(new NpgsqlParameter("path", NpgsqlDbType.Text) { Value = (object?)open.Frame.Path ?? DBNull.Value });
        parameters.AddWithValue("node", open.Node.Id);
        parameters.AddWithValue("title", title);
        parameters.Add(new NpgsqlParameter("payload", NpgsqlDbType.Json) { Value = (object?)Json.Write(payload) ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter("user", NpgsqlDbType.Uuid) { Value = (object?)user ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter("team", NpgsqlDbType.Uuid) { Value = (object?)team ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter("expires", NpgsqlDbType.TimestampTz) { Value = (object?)open.DueAt?.UtcDateTime ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(run.Node.Lost);
    }

    static (string?, SkillError?) Title(Datum with) =>
        with.TryGetProperty("title", out var title) && title.Kind is DatumKind.String && title.GetString() is { Length: > 0 and <= MaxTitle } text
            ? (text, null)
            : (null, Refused($"An approval has a title of 1 to {MaxTitle} characters."));

    static (Guid?, SkillError?) Id(Datum with, string name, string what) =>
        !with.TryGetProperty(name, out var value) || value.IsNull ? (null, null)
        : value.Kind is DatumKind.String && Guid.TryParse(value.GetString(), out var id) ? (id, null)
        : (null, Refused($"The {name} of an approval is the id of a {what}."));

    static SkillError Refused(string message) => new("invalid_with", message, SkillErrorClass.InvalidInput, Retryable: false);
}
