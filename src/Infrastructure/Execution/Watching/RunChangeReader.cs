using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Watching;

/// <summary>Reads a tenant's changes in their order, under the tenant's row-level security.</summary>
sealed class RunChangeReader(DataSources sources)
{
    /// <summary>Changes at most in one page.</summary>
    public const int Page = 64;

    /// <summary>
    /// The horizon is read first: what the second statement sees lies behind one that is the same or later, so a reader may go on from the
    /// horizon when there was nothing before it.
    /// </summary>
    const string Read = """
        select set_config('app.tenant_id', @tenant::text, true);
        select pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmax(pg_current_snapshot()), clock_timestamp();
        select xid, id, agent_id, statuses, run_ids, created_at from execution.run_changes
        where tenant_id = @tenant and (xid, id) >= (@xid, @id) and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by xid, id limit @limit
        """;

    const string Facts = """
        select set_config('app.tenant_id', @tenant::text, true);
        select id, trigger_source, queued_at, started_at, finished_at, error ->> 'code', case when conversation_id is not null then created_by end from execution.runs where tenant_id = @tenant and id = any(@ids)
        """;

    /// <summary>The next changes that are not wholly behind <paramref name="after"/>.</summary>
    public async Task<RunChangePage> Next(Guid tenantId, FeedPosition after, CancellationToken ct)
    {
        await using var connection = await sources.App.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Read, connection);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.Add(new NpgsqlParameter("xid", NpgsqlDbType.Xid8) { Value = after.Xid });
        command.Parameters.AddWithValue("id", after.Id);

        // The change that the reader is in the middle of, or has just finished, is read with the others.
        command.Parameters.AddWithValue("limit", Page + 1);
        var rows = new List<RunChange>();
        ulong horizon, end;
        DateTimeOffset now;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            await reader.NextResultAsync(ct);
            await reader.ReadAsync(ct);
            (horizon, end, now) = Clock(reader);
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                rows.Add(Change(reader));
            }
        }

        var fresh = rows.FindAll(after.IsBefore);
        var facts = fresh.Count == 0 ? [] : await ReadFacts(connection, tenantId, [.. fresh.SelectMany(change => change.RunIds).Distinct()], ct);
        return new RunChangePage(fresh.ConvertAll(change => change with { Facts = facts }), new FeedPosition(horizon, Guid.Empty, int.MaxValue, now), end, rows.Count > Page);
    }

    static async Task<Dictionary<Guid, RunFact>> ReadFacts(NpgsqlConnection connection, Guid tenantId, Guid[] ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Facts, connection);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("ids", ids);
        var facts = new Dictionary<Guid, RunFact>(ids.Length);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            facts[reader.GetGuid(0)] = new RunFact(
                reader.GetGuid(0), reader.GetString(1), Instant(reader, 2), InstantOrNull(reader, 3), InstantOrNull(reader, 4), reader.GetValue(5) as string, reader.GetValue(6) as Guid?);
        }

        return facts;
    }

    static (ulong Horizon, ulong End, DateTimeOffset Now) Clock(NpgsqlDataReader reader) => (reader.GetFieldValue<ulong>(0), reader.GetFieldValue<ulong>(1), Instant(reader, 2));

    static RunChange Change(NpgsqlDataReader reader) => new(
        reader.GetFieldValue<ulong>(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetFieldValue<string[]>(3), reader.GetFieldValue<Guid[]>(4), Instant(reader, 5))
    {
        Facts = new Dictionary<Guid, RunFact>(),
    };

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static DateTimeOffset? InstantOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Instant(reader, column);
}

/// <param name="Horizon">Everything before it is settled, and was in this page or an earlier one unless there is more.</param>
/// <param name="End">The first transaction id that was not given out yet: no true place lies beyond it.</param>
sealed record RunChangePage(IReadOnlyList<RunChange> Changes, FeedPosition Horizon, ulong End, bool HasMore);
