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
    const string ClaimSql = $"""
        {FairOrder.Ring} {FairOrder.Shares} {FairOrder.Turns},
        {Leasing.Sql}
        select c.*, {FairOrder.Next} from claimed c
        """;

    Guid after;

    /// <param name="brief">Versions whose runs are over as soon as they begin.</param>
    /// <param name="crowding">Tenants whose runs are left where they are.</param>
    public async Task<IReadOnlyList<ClaimedRun>> Claim(NodeIdentity node, int count, Guid[] brief, Guid[] crowding, CancellationToken ct)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(ClaimSql, connection);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("brief", brief);
        command.Parameters.AddWithValue("crowding", crowding);
        var claimed = new List<ClaimedRun>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            after = reader.GetGuid(Leasing.Columns);
            claimed.Add(Leasing.Read(reader));
        }

        return claimed;
    }
}
