using System.Diagnostics.CodeAnalysis;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// What a worker node is while its lease lasts. When the lease is lost, everything that runs under this identity stops, and the node
/// goes on under a new one: so a node that slept through its lease can never write for runs that others have taken over.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and links to nothing, so there is nothing to release; runs hold its token for as long as they like.")]
sealed class NodeIdentity(Guid id)
{
    readonly CancellationTokenSource lost = new();

    public Guid Id => id;

    public CancellationToken Lost => lost.Token;

    public void Lose() => lost.Cancel();
}
