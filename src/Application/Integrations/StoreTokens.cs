using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Stores what a person's consent is worth, and wakes the runs that stood still for it.</summary>
// No permission of its own: only FinishConsent sends it, for a flow that its state and its browser have proved.
[AllowAnonymousRequest]
sealed record StoreTokens(Guid CredentialId, Tokens Tokens) : ICommand<CredentialView>;

file sealed class Handler(ICredentialStore credentials, IConsents consents, WaitingRuns waiting, IAudit audit) : IRequestHandler<StoreTokens, Result<CredentialView>>
{
    public async Task<Result<CredentialView>> Handle(StoreTokens request, CancellationToken cancellationToken)
    {
        try
        {
            if (!await consents.Store(request.CredentialId, request.Tokens, cancellationToken))
            {
                return CredentialErrors.NotFound;
            }
        }
        catch (KeysUnavailableException)
        {
            return CredentialErrors.KeysUnavailable;
        }

        await waiting.Wake(request.CredentialId, cancellationToken);
        var view = (await credentials.Find(request.CredentialId, cancellationToken))!;
        audit.Record("credential.consented", "credential", request.CredentialId.ToString(), before: null, CredentialSummary.Of(view));
        return view;
    }
}
