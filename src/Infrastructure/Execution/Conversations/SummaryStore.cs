using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>Summaries that are due, of every tenant.</summary>
sealed class SummaryStore(DataSources sources)
{
    const int AtOnce = 8;

    /// <summary>Longer than a summary may take: what was taken up before that and is not there will not come.</summary>
    const string TakeSql = """
        update execution.conversations c set summary_tried_at = now()
        from (
          select tenant_id, id from execution.conversations
          where summary_due > summary_seq and (summary_tried_at is null or summary_tried_at < now() - interval '10 minutes')
          order by summary_tried_at nulls first limit @count for update skip locked
        ) d
        where c.tenant_id = d.tenant_id and c.id = d.id
        returning c.tenant_id, c.id, c.agent_id, c.user_id, c.summary, c.summary_seq, c.summary_due
        """;

    const string SaidSql = """
        select role, left(content, 4000) from execution.messages
        where tenant_id = @tenant and conversation_id = @id and seq > @after and seq <= @due and superseded_at is null and (role = 'user' or (status = 'succeeded' and content <> ''))
        order by seq
        """;

    /// <summary>Booked in any case, by an id that is the same for every attempt; stored only where nothing of it was taken back meanwhile.</summary>
    const string PutSql = """
        with stored as (
          update execution.conversations set summary = @summary, summary_seq = summary_due, summary_tried_at = null
          where tenant_id = @tenant and id = @id and summary_seq = @after and summary_due = @due and @summary::text is not null
        )
        select platform.book_usage(@tenant, @booking, null, @agent, @user, null, @usage::jsonb, now())
        """;

    public async Task<List<DueSummary>> Take(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(TakeSql);
        command.Parameters.AddWithValue("count", AtOnce);
        var due = new List<DueSummary>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            due.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetGuid(3), reader.GetValue(4) as string, reader.GetInt32(5), reader.GetInt32(6)));
        }

        return due;
    }

    public async Task<List<(string Role, string Content)>> Said(DueSummary due, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(SaidSql);
        command.Parameters.AddWithValue("tenant", due.Tenant);
        command.Parameters.AddWithValue("id", due.Id);
        command.Parameters.AddWithValue("after", due.After);
        command.Parameters.AddWithValue("due", due.Seq);
        var said = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            said.Add((reader.GetString(0), reader.GetString(1)));
        }

        return said;
    }

    /// <param name="summary">Null: only what was used is noted.</param>
    public async Task Put(DueSummary due, Guid booking, string? summary, IReadOnlyList<SkillUsage> usage, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(PutSql);
        command.Parameters.AddWithValue("tenant", due.Tenant);
        command.Parameters.AddWithValue("id", due.Id);
        command.Parameters.AddWithValue("after", due.After);
        command.Parameters.AddWithValue("due", due.Seq);
        command.Parameters.Add(new NpgsqlParameter("summary", NpgsqlDbType.Text) { Value = (object?)summary ?? DBNull.Value });
        command.Parameters.AddWithValue("booking", booking);
        command.Parameters.AddWithValue("agent", due.Agent);
        command.Parameters.AddWithValue("user", due.User);
        command.Parameters.Add(new NpgsqlParameter("usage", NpgsqlDbType.Jsonb) { Value = UsageJson.Write(usage.Select(entry => entry.Bounded())) });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <param name="After">What lies before is in the former summary.</param>
/// <param name="Seq">Up to this message.</param>
sealed record DueSummary(Guid Tenant, Guid Id, Guid Agent, Guid User, string? Summary, int After, int Seq);
