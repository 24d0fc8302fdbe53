using System.Collections.Concurrent;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// Runs customers' code: each execution in a process of its own that is killed afterwards, so many at once as were configured, and of one tenant no more
/// than its share.
/// </summary>
sealed class CodeSandbox(SandboxPool pool, SandboxFetch fetch, SandboxOptions options) : IDisposable
{
    readonly SemaphoreSlim places = new(options.Running);
    readonly ConcurrentDictionary<Guid, Share> shares = new();

    /// <summary>Whatever the code does, the outcome is a result or an error; only the caller's own cancellation is thrown.</summary>
    public async Task<CodeOutcome> Run(CodeJob job, CancellationToken ct)
    {
        using var share = Enter(job.TenantId);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(SandboxOptions.Patience);
        var (isOfTenant, isPlace) = (false, false);
        try
        {
            await share.Places.WaitAsync(patience.Token);
            isOfTenant = true;
            await places.WaitAsync(patience.Token);
            isPlace = true;
            return await RunNow(job, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && !isPlace)
        {
            return Failed(SandboxErrors.Busy);
        }
        catch (SandboxStartException e)
        {
            return Failed(SandboxErrors.Unavailable(e.Message));
        }
        finally
        {
            if (isPlace)
            {
                places.Release();
            }

            if (isOfTenant)
            {
                share.Places.Release();
            }
        }
    }

    public void Dispose() => places.Dispose();

    async Task<CodeOutcome> RunNow(CodeJob job, CancellationToken ct)
    {
        var process = await pool.Take(job.Language, ct);
        try
        {
            var execution = new SandboxExecution(job, fetch);
            process.Give(execution);
            return await execution.Outcome.WaitAsync(ct);
        }
        finally
        {
            process.Kill();
        }
    }

    static CodeOutcome Failed(Domain.Execution.SkillError error) => new(Datum.Null, error, new CodeLogs().ToJson());

    /// <summary>A tenant's share exists as long as somebody uses it.</summary>
    Share Enter(Guid tenant)
    {
        while (true)
        {
            var share = shares.GetOrAdd(tenant, id => new Share(options.RunningOfTenant, gone => shares.TryRemove(KeyValuePair.Create(id, gone))));
            if (share.TryEnter())
            {
                return share;
            }
        }
    }

    sealed class Share(int size, Action<Share> forget) : IDisposable
    {
        readonly Lock gate = new();
        int users;
        bool isGone;

        public SemaphoreSlim Places { get; } = new(size);

        public bool TryEnter()
        {
            lock (gate)
            {
                users += isGone ? 0 : 1;
                return !isGone;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                users--;
                isGone = users == 0;
            }

            if (isGone)
            {
                forget(this);
            }
        }
    }
}
