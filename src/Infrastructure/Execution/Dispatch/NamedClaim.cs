using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>Takes just these runs, as far as they may be taken: one that somebody else has, that has ended or is held back is left out.</summary>
sealed class NamedClaim(DataSources sources, RunPlans plans)
{
    /// <summary>
    /// Waits for a row that is being changed this moment, and looks at it then: to pass it over would lose its message. The key is compared as <see cref="Finisher.Ended"/> tells,
    /// and the rest so that the index of all that may be taken does not serve it.
    /// </summary>
    public const string Sql = $"""
        with waiting as materialized (
          select q.tenant_id, q.run_id, q.ctid as place from (select distinct * from unnest(@tenants, @runs) as g (tenant_id, run_id)) n
          join execution.run_queue q on q.tenant_id = any(array[n.tenant_id]) and q.run_id = n.run_id
          where num_nulls(q.lease_owner, q.gate) = 2 and not q.parked and (q.available_at <= now()) is true
          order by n.tenant_id, n.run_id for update of q
        ), {Leasing.Sql}
        select * from claimed
        """;

    public async Task<IReadOnlyList<ClaimedRun>> Claim(NodeIdentity node, IReadOnlyList<ReadyRun> runs, CancellationToken ct)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].TenantId);
        columns.Add("runs", NpgsqlDbType.Uuid, i => runs[i].RunId);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("brief", plans.BriefVersions);
        var claimed = new List<ClaimedRun>(runs.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(Leasing.Read(reader));
        }

        return claimed;
    }
}
