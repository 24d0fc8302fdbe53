using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

public sealed record AppliedMigration(string Module, int Version, string Name, int DurationMs);

/// <summary>One migration, as this program and this database know it.</summary>
/// <param name="State"><c>applied</c>, <c>pending</c>, <c>changed</c> (the file is not what was applied) or <c>unknown</c> (applied by a newer program).</param>
public sealed record MigrationStatus(string Module, int Version, string Name, string State, DateTimeOffset? AppliedAt);

/// <summary>
/// Applies the migrations as <c>agentplatform_owner</c>: each in a transaction of its own together with its row in <c>platform.migrations</c>, under a lock, so that
/// ten nodes that start at once migrate once.
/// </summary>
/// <param name="files">Null: those built into this assembly.</param>
public sealed class Migrator(string ownerConnectionString, IEnumerable<MigrationFile>? files = null, ILogger<Migrator>? log = null)
{
    /// <summary>An arbitrary number that all our nodes agree on ("agpmigr" in ASCII).</summary>
    const long LockKey = 0x6167_706D_6967_72;

    readonly IReadOnlyList<MigrationFile> plan = MigrationPlan.Order(files ?? MigrationFile.Embedded());
    readonly ILogger log = log ?? NullLogger<Migrator>.Instance;

    /// <summary>Applies what is pending. When nothing is, this is one round trip and no lock.</summary>
    /// <returns>What was applied by this call.</returns>
    /// <exception cref="MigrationException">An applied file was edited, the database is newer than this program, or a file failed; of that one nothing stays.</exception>
    public async Task<IReadOnlyList<AppliedMigration>> Up(CancellationToken ct)
    {
        await using var connection = await DatabaseBootstrap.Connect(ownerConnectionString, ct);
        if (await MigrationTable.Read(connection, ct) is { } before && Pending(before).Count == 0)
        {
            return [];
        }
        await Prepare(connection, ct);
        var applied = new List<AppliedMigration>();
        foreach (var file in Pending(await MigrationTable.Read(connection, ct) ?? []))
        {
            var started = Stopwatch.GetTimestamp();
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Run(connection, file, file.Up, ct);
            var duration = (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            await MigrationTable.Add(connection, file, duration, ct);
            await transaction.CommitAsync(ct);
            log.LogInformation("Applied {Migration} in {Duration} ms", file.Path, duration);
            applied.Add(new(file.Module, file.Version, file.Name, duration));
        }
        return applied;
    }

    /// <summary>Takes back the module's last applied migration.</summary>
    /// <exception cref="MigrationException">There is none, its file is missing or was edited, another applied one needs it, or its down part failed.</exception>
    public async Task Down(string module, CancellationToken ct)
    {
        await using var connection = await DatabaseBootstrap.Connect(ownerConnectionString, ct);
        await Prepare(connection, ct);
        var rows = await MigrationTable.Read(connection, ct) ?? [];
        var last = rows.Where(x => x.Module == module).MaxBy(x => x.Version)
            ?? throw new MigrationException($"No migration of the module {module} is applied.");
        var file = plan.FirstOrDefault(x => x.Id == last.Id) ?? throw Newer(last);
        EnsureUnchanged(file, last);
        var applied = rows.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        if (plan.FirstOrDefault(x => applied.Contains(x.Id) && x.After.Contains(file.Id, StringComparer.Ordinal)) is { } dependent)
        {
            throw new MigrationException($"{file.Path} cannot be taken back: {dependent.Path} comes after it; take that back first.");
        }
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run(connection, file, file.Down, ct);
        await MigrationTable.Remove(connection, file, ct);
        await transaction.CommitAsync(ct);
        log.LogInformation("Took back {Migration}", file.Path);
    }

    /// <summary>Every migration, known or applied, in the order in which they apply. Changes nothing.</summary>
    public async Task<IReadOnlyList<MigrationStatus>> Status(CancellationToken ct)
    {
        await using var connection = await DatabaseBootstrap.Connect(ownerConnectionString, ct);
        var rows = (await MigrationTable.Read(connection, ct) ?? []).ToDictionary(x => x.Id, StringComparer.Ordinal);
        var known = plan.Select(file => rows.Remove(file.Id, out var row)
            ? new MigrationStatus(file.Module, file.Version, file.Name, row.Checksum == file.Checksum ? "applied" : "changed", row.AppliedAt)
            : new MigrationStatus(file.Module, file.Version, file.Name, "pending", null)).ToList();
        return [.. known, .. rows.Values.Select(x => new MigrationStatus(x.Module, x.Version, x.Name, "unknown", x.AppliedAt))];
    }

    List<MigrationFile> Pending(IReadOnlyList<MigrationRow> rows)
    {
        var byId = plan.ToDictionary(x => x.Id, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            EnsureUnchanged(byId.GetValueOrDefault(row.Id) ?? throw Newer(row), row);
        }
        var applied = rows.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        return [.. plan.Where(x => !applied.Contains(x.Id))];
    }

    static void EnsureUnchanged(MigrationFile file, MigrationRow row)
    {
        if (file.Checksum != row.Checksum)
        {
            throw new MigrationException($"{file.Path} was edited after it had been applied on {row.AppliedAt:yyyy-MM-dd}: restore it and put the change into a new file.");
        }
    }

    static MigrationException Newer(MigrationRow row) => new(
        $"The database has the migration {row.Id} ({row.Name}), which this program does not know: it was migrated by a newer version, so use that one.");

    /// <summary>The lock belongs to the session and goes with it, whether we close it or die. Its waiters wait without a limit of their own.</summary>
    static async Task Prepare(NpgsqlConnection connection, CancellationToken ct)
    {
        const string sql = """
            set statement_timeout = '30min';
            set idle_in_transaction_session_timeout = '5min';
            select pg_advisory_lock(@key);
            set lock_timeout = '30s';
            """;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue("key", LockKey);
        await command.ExecuteNonQueryAsync(ct);
        await MigrationTable.Ensure(connection, ct);
    }

    static async Task Run(NpgsqlConnection connection, MigrationFile file, string sql, CancellationToken ct)
    {
        foreach (var (start, statement) in SqlStatements.Split(sql))
        {
            try
            {
                await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException problem)
            {
                var line = sql.AsSpan(0, Math.Min(sql.Length, start + Math.Max(0, problem.Position - 1))).Count('\n') + 1;
                throw new MigrationException($"{file.Path}, line {line}: {problem.MessageText} ({problem.SqlState}); nothing of this file was applied.", problem);
            }
        }
    }
}
