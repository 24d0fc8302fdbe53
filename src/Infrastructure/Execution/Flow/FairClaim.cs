using System.Globalization;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Takes queued runs, fair by tenant before first-come: each claim goes round the tenants that have something to be taken, one index entry
/// each, and gives every one its share by weight; what a tenant leaves goes to the others. Within a tenant the higher priority goes first, then
/// the older run. So a claim costs by how many runs it takes, and not by how many wait.
/// </summary>
sealed class FairClaim(DataSources sources)
{
    const string Order = $"{FairOrder.Ring} {FairOrder.Shares} {FairOrder.Turns}";

    public const string LeaseSql = $"""
        {Order},
        {Leasing.Sql}
        select c.*, {FairOrder.Next} from claimed c
        """;

    /// <summary>A node that stands still must not keep for longer what it locked than it would keep what it leased.</summary>
    public const string LockSql = $"""
        {Order},
        {Leasing.LockingSql},
        patience as materialized (
          select set_config('idle_in_transaction_session_timeout', @patience, true)
        )
        select c.*, {FairOrder.Next} from claimed c cross join patience
        """;

    /// <summary>Where the next claim goes on. Two claims beside each other may go on at the same place: what the one locks the other passes over.</summary>
    volatile object after = Guid.Empty;

    /// <summary>Leases all that it takes.</summary>
    /// <param name="brief">Versions whose runs are over as soon as they begin.</param>
    /// <param name="crowding">Tenants whose runs are left where they are.</param>
    public async Task<IReadOnlyList<ClaimedRun>> Claim(NodeIdentity node, int count, Guid[] brief, Guid[] crowding, CancellationToken ct)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync(ct);
        return await Claim(connection, LeaseSql, node, count, brief, crowding, patience: null, ct);
    }

    /// <summary>As <see cref="Claim(NodeIdentity, int, Guid[], Guid[], CancellationToken)"/>, but brief runs that were never tried are locked by the connection's transaction instead.</summary>
    /// <param name="patience">How long the transaction may stand still before the database ends it.</param>
    public Task<IReadOnlyList<ClaimedRun>> ClaimOrLock(
        NpgsqlConnection connection, NodeIdentity node, int count, Guid[] brief, Guid[] crowding, TimeSpan patience, CancellationToken ct) =>
        Claim(connection, LockSql, node, count, brief, crowding, patience, ct);

    async Task<IReadOnlyList<ClaimedRun>> Claim(
        NpgsqlConnection connection, string sql, NodeIdentity node, int count, Guid[] brief, Guid[] crowding, TimeSpan? patience, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("after", (Guid)after);
        command.Parameters.AddWithValue("brief", brief);
        command.Parameters.AddWithValue("crowding", crowding);
        if (patience is { } limit)
        {
            command.Parameters.AddWithValue("patience", limit.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        }

        var claimed = new List<ClaimedRun>();
        var next = (Guid?)null;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(Leasing.Read(reader, hasPlace: patience is not null));
            next ??= reader.GetGuid(reader.FieldCount - 1);
        }

        after = next ?? after;
        return claimed;
    }
}
