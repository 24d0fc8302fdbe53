using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>Whether the database answers.</summary>
public sealed class DatabaseHealth
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly DataSources sources;
    readonly IReadOnlyList<IWarn> watchful;

    internal DatabaseHealth(DataSources sources, IEnumerable<IWarn> watchful)
    {
        this.sources = sources;
        this.watchful = [.. watchful];
    }

    /// <summary>What works but wants somebody's attention: one sentence each.</summary>
    public IEnumerable<string> Warnings => watchful.SelectMany(one => one.Warnings);

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
