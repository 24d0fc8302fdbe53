using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What runs ask of people. A request's id is computed from its step, so a repeat after a crash asks nobody twice.</summary>
sealed class ApprovalRequests(DataSources sources, IServiceScopeFactory scopes)
{
    const int MaxTitle = 255;

    const string InsertSql = """
        insert into execution.approvals (tenant_id, id, run_id, path, node_id, title, payload, assignee_user_id, assignee_team_id, expires_at)
        values (@tenant, @id, @run, @path, @node, @title, @payload, @user, @team, @expires)
        on conflict do nothing
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

        if (refusal is not null)
        {
            return (null, refusal);
        }

        var assignee = new Assignee(null, null);
        if (isNew)
        {
            // Once, when it is asked: whoever is renamed or leaves later keeps what was asked of them.
            var found = await FindAssignee(run, Text(with, "assignee"), Text(with, "team"));
            if (!found.IsOk)
            {
                return (null, new SkillError("unknown_assignee", $"The approval is assigned to nobody who is there: {found.Error.Message}", SkillErrorClass.InvalidInput, Retryable: false));
            }

            assignee = found.Value;
        }

        // Whoever looks after approvals expires it and rings the run, also one that is paused: nothing is due here.
        var open = draft with { Kind = OpenKind.Approval, Id = DerivedId.Of(run.RunId, draft.Frame.KeyOf(draft.Node), $"approval/{draft.Attempt}") };
        if (isNew)
        {
            await Insert(run, open, title!, with.TryGetProperty("payload", out var payload) ? payload : Datum.Null, assignee, draft.Step!.StartedAt + patience);
        }

        return (open, null);
    }

    async Task Insert(RunExecution run, OpenNode open, string title, Datum payload, Assignee assignee, DateTimeOffset? expiresAt)
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
        parameters.Add(new NpgsqlParameter("user", NpgsqlDbType.Uuid) { Value = (object?)assignee.UserId ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter("team", NpgsqlDbType.Uuid) { Value = (object?)assignee.TeamId ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter("expires", NpgsqlDbType.TimestampTz) { Value = (object?)expiresAt?.UtcDateTime ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(run.Node.Lost);
    }

    static (string?, SkillError?) Title(Datum with) =>
        with.TryGetProperty("title", out var title) && title.Kind is DatumKind.String && title.GetString() is { Length: > 0 and <= MaxTitle } text
            ? (text, null)
            : (null, Refused($"An approval has a title of 1 to {MaxTitle} characters."));

    async Task<Result<Assignee>> FindAssignee(RunExecution run, string? person, string? team)
    {
        if (person is null && team is null)
        {
            return new Assignee(null, null);
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, run.Plan.TenantId, null, PermissionSet.None);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new FindAssignee(person, team), run.Node.Lost);
    }

    /// <summary>Null where nobody is named; what is no text names nobody who is there.</summary>
    static string? Text(Datum with, string name) =>
        !with.TryGetProperty(name, out var value) || value.IsNull ? null : value.Kind is DatumKind.String ? value.GetString() : "";

    static SkillError Refused(string message) => new("invalid_with", message, SkillErrorClass.InvalidInput, Retryable: false);
}
