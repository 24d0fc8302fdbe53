using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Makes parked runs claimable when their time has come. Every node does it; those that it parked itself it knows to the moment.</summary>
sealed class RunWaker(DataSources sources, DbClock clock, QueueSignal queue, EngineOptions options, TimeProvider time, ILogger<RunWaker> log)
{
    const int MaxBatch = 1000;

    /// <summary>The key is compared as <see cref="Finisher.Ended"/> tells.</summary>
    public const string WakeSql = """
        with due as materialized (
          select tenant_id, run_id from execution.run_queue where parked and available_at <= now()
          order by available_at limit @count for update skip locked
        ), woken as (
          update execution.run_queue q set parked = false from due d where q.tenant_id = any(array[d.tenant_id]) and q.run_id = d.run_id returning 1
        )
        select count(*)::int, (select count(*) from (select pg_notify('runs_queued', '') from woken limit 1) told) from woken
        """;

    readonly Lock gate = new();
    TaskCompletionSource earlier = New();
    DateTimeOffset next = DateTimeOffset.MaxValue;

    /// <summary>A run was parked until then.</summary>
    public void Expect(DateTimeOffset at)
    {
        lock (gate)
        {
            if (at < next)
            {
                next = at;
                earlier.TrySetResult();
            }
        }
    }

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await WakeDue(ct) < MaxBatch)
                {
                    await Sleep(ct);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Waking parked runs failed and is tried again: {Reason}", e.Message);
                await Task.Delay(options.Poll, time, ct);
            }
        }
    }

    async Task<int> WakeDue(CancellationToken ct)
    {
        await using var command = sources.Writer.CreateCommand(WakeSql);
        command.Parameters.AddWithValue("count", MaxBatch);
        var woken = (int)(await command.ExecuteScalarAsync(ct))!;
        if (woken > 0)
        {
            queue.Wake();
        }

        return woken;
    }

    async Task Sleep(CancellationToken ct)
    {
        Task sooner;
        TimeSpan pause;
        lock (gate)
        {
            if (earlier.Task.IsCompleted)
            {
                earlier = New();
            }

            sooner = earlier.Task;
            pause = next - clock.Now;
            if (pause <= TimeSpan.Zero)
            {
                next = DateTimeOffset.MaxValue;
                pause = TimeSpan.FromMilliseconds(1);
            }
        }

        await sooner.WaitAsync(pause < options.Poll ? pause : options.Poll, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
