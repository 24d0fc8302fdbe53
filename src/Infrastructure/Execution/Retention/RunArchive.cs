using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Archives;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>
/// Puts a month of runs away, with everything that belongs to them. Once nothing of the month goes on, it is frozen; then each table's rows go into a file, which
/// is on the disk and reads back right before the rows leave the database in the transaction that notes the archive. Whatever breaks before
/// that commit leaves them there, and the next attempt writes the file again. Runs go last: while they are there, the month is due.
/// </summary>
public sealed class RunArchive
{
    const string RunsTable = "execution.runs";
    const string StepsTable = "execution.run_steps";
    const string ToolsTable = "execution.tool_executions";

    const string CountRuns = "select count(*) from execution.runs where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid";

    const string CountSteps = "select count(*) from execution.run_steps where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid";

    const string CountTools = "select count(*) from execution.tool_executions where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid";

    const string CountSignals = "select count(*) from execution.run_signals where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    const string CountApprovals = "select count(*) from execution.approvals where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    const string CountReused = "select count(*) from execution.run_reused_steps where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    const string CopyRuns = """
        copy (select row_to_json(r) from execution.runs r where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopySteps = """
        copy (select row_to_json(s) from execution.run_steps s where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopyTools = """
        copy (select row_to_json(c) from execution.tool_executions c where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopySignals = """
        copy (select row_to_json(s) from execution.run_signals s where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopyApprovals = """
        copy (select row_to_json(a) from execution.approvals a where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopyReused = """
        copy (select row_to_json(s) from execution.run_reused_steps s where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string DeleteSignals = "delete from execution.run_signals where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    const string DeleteApprovals = "delete from execution.approvals where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    const string DeleteReused = "delete from execution.run_reused_steps where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid";

    readonly MonthArchive months;

    internal RunArchive(DataSources sources, RetentionOptions options, TimeProvider time, ILogger<RunArchive> log) => months = new MonthArchive(sources, options, time, log);

    /// <returns>What was put away: nothing when there is no such month, or when runs of it have not ended.</returns>
    /// <exception cref="ArchiveException">
    /// A file did not read back right, a table was too busy to let its month go, or a run that goes on came to stand on the month: what is not put away is still in the database.
    /// </exception>
    public async Task<IReadOnlyList<ArchiveManifest>> Put(DateOnly month, bool isDryRun, CancellationToken ct)
    {
        if (await months.CountUnfinished(month, ct) > 0)
        {
            return [];
        }

        if (!isDryRun)
        {
            // All of them first: a run must not lose its steps, nor a step its run.
            await months.Freeze(RunsTable, month, ct);
            await months.Freeze(StepsTable, month, ct);
            await months.Freeze(ToolsTable, month, ct);
        }

        ArchiveManifest?[] put =
        [
            await months.PutPartition(ToolsTable, CountTools, CopyTools, month, isDryRun, ct),
            await months.PutRows("execution.run_signals", CountSignals, CopySignals, DeleteSignals, month, isDryRun, ct),
            await months.PutRows("execution.approvals", CountApprovals, CopyApprovals, DeleteApprovals, month, isDryRun, ct),
            await months.PutRows("execution.run_reused_steps", CountReused, CopyReused, DeleteReused, month, isDryRun, ct),
            await months.PutPartition(StepsTable, CountSteps, CopySteps, month, isDryRun, ct),
            await months.PutPartition(RunsTable, CountRuns, CopyRuns, month, isDryRun, ct),
        ];
        return [.. put.OfType<ArchiveManifest>()];
    }
}
