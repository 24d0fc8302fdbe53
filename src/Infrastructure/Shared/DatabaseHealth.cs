using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>Whether the database answers.</summary>
public sealed class DatabaseHealth
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly DataSources sources;
    readonly PartitionKeeper partitions;

    internal DatabaseHealth(DataSources sources, PartitionKeeper partitions)
    {
        this.sources = sources;
        this.partitions = partitions;
    }

    /// <summary>What works but wants somebody's attention: one sentence each.</summary>
    public IEnumerable<string> Warnings => partitions.WithUnforeseenRows.Select(table => $"The default partition of {table} holds rows that no month took.");

    /// <returns>Null when all is well, otherwise one sentence.</returns>
    public async Task<string?> Check(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await using var command = sources.App.CreateCommand("select 1");
            await command.ExecuteScalarAsync(patience.Token);
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return "The database does not answer.";
        }
    }
}
