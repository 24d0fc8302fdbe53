using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Billing;

/// <summary>
/// Adds fresh entries of the ledger to their days, tells of budgets that are used up, and marks reservations whose call was lost. On every scheduler:
/// the database lets one work at a time.
/// </summary>
sealed class UsageRollUp(DataSources sources, TimeProvider time, ILogger<UsageRollUp> log) : PeriodicJob(TimeSpan.FromSeconds(2), time, log)
{
    const int Batch = 5000;

    const string AddSql = "select tenant_id from billing.roll_up(@batch) as tenant_id";

    const string NoteSql = "select billing.note_budgets(@tenants)";

    const string LoseSql = "select billing.lose_reservations(@batch)";

    public override async Task DoOnce(CancellationToken ct)
    {
        while (await AddSome(ct))
        {
        }

        await using var lose = sources.Engine.CreateCommand(LoseSql);
        lose.Parameters.AddWithValue("batch", Batch);
        if (await lose.ExecuteScalarAsync(ct) is int and > 0 and var lost)
        {
            Log.LogWarning("{Count} calls were lost with their workers: what they cost is not known", lost);
        }
    }

    /// <summary>Sums and notices together: what was added is told of, whatever breaks in between.</summary>
    /// <returns>Whether more may be left.</returns>
    async Task<bool> AddSome(CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var tenants = new List<Guid>();
        await using (var add = new NpgsqlCommand(AddSql, connection))
        {
            add.Parameters.AddWithValue("batch", Batch);
            await using var reader = await add.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                tenants.Add(reader.GetGuid(0));
            }
        }

        if (tenants.Count == 0)
        {
            return false;
        }

        await using (var note = new NpgsqlCommand(NoteSql, connection))
        {
            note.Parameters.AddWithValue("tenants", tenants.ToArray());
            await note.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }
}
