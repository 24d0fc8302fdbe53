using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Archives;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>Lets old details go and puts old months away, every hour, on one scheduler at a time.</summary>
sealed class RetentionJob(DataSources sources, StepDetail detail, RunArchive archive, RetentionOptions options, TimeProvider time, ILogger<RetentionJob> log)
    : PeriodicJob(TimeSpan.FromHours(1), time, log)
{
    const long Key = 1635217514;

    /// <summary>Months that are wholly older than so many days, but for those that were brought back for a while.</summary>
    const string Due = """
        select o.month from platform.months_of('execution.runs'::regclass) as o (month)
        where (o.month + interval '1 month') at time zone 'UTC' < now() - make_interval(days => @days)
          and not exists (select from platform.archives a where a.table_name = 'execution.runs' and a.month = o.month and a.keep_until > now())
        order by o.month
        """;

    public override async Task DoOnce(CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        if (!await TryLock(connection, ct))
        {
            return;
        }

        var plans = await detail.ReadPlans(ct);
        if (options.IsOn && await detail.DeleteOld(plans, ct) is var steps and > 0)
        {
            Log.LogInformation("Deleted {Count} steps that no plan keeps any more", steps);
        }

        foreach (var month in await ReadDue(connection, plans.Values.Max(plan => plan.RunDays), ct))
        {
            await archive.Put(month, options.IsDryRun, ct);
        }
    }

    protected override bool IsExpected(Exception e) => e is UnauthorizedAccessException or ArchiveException || base.IsExpected(e);

    /// <summary>Held by the session, which goes back to its pool cleaned of it.</summary>
    static async Task<bool> TryLock(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(@key)", connection);
        command.Parameters.AddWithValue("key", Key);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task<List<DateOnly>> ReadDue(NpgsqlConnection connection, int days, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Due, connection);
        command.Parameters.AddWithValue("days", days);
        var months = new List<DateOnly>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            months.Add(await reader.GetFieldValueAsync<DateOnly>(0, ct));
        }

        return months;
    }
}
