using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>For the engine: this run stands still until somebody consents to the credential. It is sent a signal then, or at once when that has happened already.</summary>
// No permission of its own: only the engine sends it, for a run that it holds; row-level security holds.
[AllowAnonymousRequest]
public sealed record AwaitConsent(Guid CredentialId, Guid RunId) : ICommand<Unit>
{
    public static string Signal(Guid credentialId) => $"consent.{credentialId}";
}

file sealed class Handler(IConsents consents, IMediator mediator) : IRequestHandler<AwaitConsent, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(AwaitConsent request, CancellationToken cancellationToken)
    {
        if (!await consents.Await(request.CredentialId, request.RunId, cancellationToken))
        {
            await mediator.Send(new SendSignal(request.RunId, AwaitConsent.Signal(request.CredentialId)), cancellationToken);
        }

        return Unit.Value;
    }
}
