using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>Why a connection cannot go on. The first reason is the one that is told; what follows from it is noise.</summary>
sealed class McpFault : IDisposable
{
    readonly CancellationTokenSource broken = new();
    SkillError? error;

    public SkillError? Error => Volatile.Read(ref error);

    /// <summary>Cancelled as soon as there is a reason: whoever waits for an answer of this connection stops waiting.</summary>
    public CancellationToken Broken => broken.Token;

    public void Set(SkillError reason)
    {
        if (Interlocked.CompareExchange(ref error, reason, null) is null)
        {
            // Not on the thread of whoever reads: what waits may do more than it should there.
            _ = broken.CancelAsync();
        }
    }

    public void Dispose() => broken.Dispose();
}
