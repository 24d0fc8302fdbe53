using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Runs that stand still for a credential: whatever became of it, they look again.</summary>
sealed class WaitingRuns(IConsents consents, IMediator mediator, CallContext call)
{
    public async Task Wake(Guid credentialId, CancellationToken ct)
    {
        var runs = await consents.TakeWaiting(credentialId, ct);
        if (runs.Count == 0)
        {
            return;
        }

        // Who may change credentials may not therefore signal runs: this is the platform's own doing.
        var (actor, tenant, user, permissions, credential) = (call.Actor, call.TenantId, call.UserId, call.Permissions, call.CredentialId);
        call.ActAs(ActorKind.System, tenant, null, new PermissionSet(["runs:execute"]));
        try
        {
            foreach (var run in runs)
            {
                // One that has ended meanwhile needs no signal.
                await mediator.Send(new SendSignal(run, AwaitConsent.Signal(credentialId)), ct);
            }
        }
        finally
        {
            call.ActAs(actor, tenant, user, permissions, credential);
        }
    }
}
