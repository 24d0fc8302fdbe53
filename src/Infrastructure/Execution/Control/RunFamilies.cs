using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>
/// Locks the queue rows of runs and of all runs below them that they wait for (a detached one lives on its own), from the top down: a parent whose row is locked starts no child that would be missed.
/// A child that ends locks in the other direction (its own row, then its parent's, to ring it). So nobody waits long here: whoever cannot get
/// a row in time gives all of them back and starts over, and the one that ends passes by.
/// </summary>
sealed class RunFamilies(Db db, CallContext call, TimeProvider time)
{
    /// <summary>With <see cref="LockTimeout"/> some ten seconds: far longer than any writer holds a row.</summary>
    const int MaxAttempts = 40;

    /// <summary>Shorter than the server's deadlock_timeout (1 s), so that it is always this side that yields.</summary>
    const string LockTimeout = "set local lock_timeout = '250ms'";

    const string LockSql = """
        select run_id, lease_owner is not null as held, cancel_requested, pause_requested, paused_with_agent
        from execution.run_queue where tenant_id = @tenant and run_id = any(@ids) order by run_id for update
        """;

    /// <summary>A child's id has its parent's time bits (Domain/Execution/DerivedId.cs): the bound spares older partitions.</summary>
    const string ChildrenSql = """
        select id from execution.runs where tenant_id = @tenant and parent_run_id = any(@ids) and id >= @oldest and not detached
        """;

    /// <summary>Does <paramref name="act"/> with all open runs of the family locked, over again when a lock could not be had in time.</summary>
    /// <returns>What it gave; or <c>run_busy</c>.</returns>
    public async Task<Result<T>> Locked<T>(IReadOnlyList<Guid> roots, Func<IReadOnlyList<QueuedRun>, Task<T>> act, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await db.Execute("savepoint family", ct: ct);
            try
            {
                await db.Execute(LockTimeout, ct: ct);
                var done = await act(await Lock(roots, ct));
                await db.Execute("set local lock_timeout to default", ct: ct);
                return done;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await db.Execute("rollback to savepoint family", ct: ct);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20)), time, ct);
            }
        }

        return ExecutionErrors.RunBusy;
    }

    async Task<List<QueuedRun>> Lock(IReadOnlyList<Guid> roots, CancellationToken ct)
    {
        var locked = new List<QueuedRun>();
        var seen = roots.ToHashSet();
        for (var level = seen.ToArray(); level.Length > 0;)
        {
            var open = await db.Query<QueuedRun>(LockSql, new { tenant = call.Tenant, ids = level }, ct);
            locked.AddRange(open);
            var children = await db.Query<Guid>(ChildrenSql, new { tenant = call.Tenant, ids = level, oldest = TimeOf(level.Min()) }, ct);
            level = [.. children.Where(seen.Add)];
        }

        return locked;
    }

    static Guid TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6..].Clear();
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>A run that has not ended, its queue row locked.</summary>
/// <param name="Held">Whether a node executes it.</param>
sealed record QueuedRun(Guid RunId, bool Held, bool CancelRequested, bool PauseRequested, bool PausedWithAgent);
