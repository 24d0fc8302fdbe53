using System.Collections.Concurrent;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>The open connections of this node, one for each tenant, server and credential; those that nobody uses are closed after a while.</summary>
sealed class McpSessions(McpConnector connector, McpOptions options, TimeProvider time, ILogger<McpSessions> log) : PeriodicJob(Rhythm, time, log)
{
    static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<McpKey, Slot> slots = new();

    /// <summary>Connections that stand, for tests and gauges.</summary>
    public int Count => slots.Values.Count(slot => slot.Session is { IsUsable: true });

    /// <summary>A connection that stands and was made with the present configuration; one is made when there is none.</summary>
    public async Task<(McpUse? Use, SkillError? Error)> Get(McpTarget target, CancellationToken ct)
    {
        var slot = slots.GetOrAdd(target.Key, _ => new Slot());
        await slot.Gate.WaitAsync(ct);
        try
        {
            if (slot.Session is { IsUsable: true } standing && standing.Stamp == target.Stamp)
            {
                return (standing.Begin(), null);
            }

            if (slot.Session is { } old)
            {
                slot.Session = null;
                await old.DisposeAsync();
            }

            if (Refusal(target) is { } refusal)
            {
                return (null, refusal);
            }

            slot.IsProcess = target.Entry is not null;
            var (session, error) = await connector.Connect(target, ct);
            slot.Session = session;
            return (session?.Begin(), error);
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    public override async Task DoOnce(CancellationToken ct)
    {
        foreach (var (key, slot) in slots)
        {
            if (slot.Session is null or { IsUsable: true } && slot.Session?.IsIdle(options.Idle) != true)
            {
                continue;
            }

            await slot.Gate.WaitAsync(ct);
            try
            {
                if (slot.Session is { } session && (!session.IsUsable || session.IsIdle(options.Idle)))
                {
                    slot.Session = null;
                    await session.DisposeAsync();
                }
            }
            finally
            {
                slot.Gate.Release();
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAll();
    }

    public Task CloseAll() => Task.WhenAll(slots.Values.Select(slot => slot.Session?.DisposeAsync().AsTask() ?? Task.CompletedTask));

    SkillError? Refusal(McpTarget target)
    {
        var open = slots.Where(slot => slot.Value.Session is { IsUsable: true }).ToList();
        if (target.Entry is null)
        {
            return open.Count(slot => !slot.Value.IsProcess) < McpOptions.MaxConnections ? null : McpFailures.TooMany;
        }

        return !McpSandbox.IsAvailable ? McpFailures.NoProcesses
            : open.Count(slot => slot.Value.IsProcess) >= options.MaxProcesses
                || open.Count(slot => slot.Value.IsProcess && slot.Key.TenantId == target.TenantId) >= options.MaxProcessesPerTenant ? McpFailures.TooMany
            : null;
    }

    /// <summary>Stays when its connection is closed: whoever waits at its gate must meet those who come later.</summary>
    sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public volatile McpSession? Session;

        public volatile bool IsProcess;
    }
}
