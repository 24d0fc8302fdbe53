using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a node is about to try and may die of, written before it does (<c>execution.trials</c>).</summary>
sealed class TrialNotes(DataSources sources)
{
    const string Sql = """
        insert into execution.trials (node_id, lane, tenant_ids, run_ids) values (@node, @lane, @tenants, @runs)
        on conflict (node_id, lane) do update set tenant_ids = excluded.tenant_ids, run_ids = excluded.run_ids
        """;

    /// <param name="lane">Whose note it is: a node's next one there takes its place.</param>
    public async Task Write(short lane, NodeIdentity node, IReadOnlyList<(Guid TenantId, Guid RunId)> runs, CancellationToken ct)
    {
        // On a connection of its own: it must be there when the transaction of whoever tries them is not any more.
        await using var command = sources.Writer.CreateCommand(Sql);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("lane", lane);
        command.Parameters.AddWithValue("tenants", runs.Select(run => run.TenantId).ToArray());
        command.Parameters.AddWithValue("runs", runs.Select(run => run.RunId).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }
}
