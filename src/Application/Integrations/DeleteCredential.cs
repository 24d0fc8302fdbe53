using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Deletes a credential with its secret, for good. Runs that need it fail from then on.</summary>
[Requires("credentials:write")]
public sealed record DeleteCredential(Guid Id) : ICommand<Unit>;

file sealed class Handler(ICredentialStore credentials, WaitingRuns waiting, IAudit audit) : IRequestHandler<DeleteCredential, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteCredential request, CancellationToken cancellationToken)
    {
        if (await credentials.FindForUpdate(request.Id, cancellationToken) is not { } credential)
        {
            return CredentialErrors.NotFound;
        }

        await waiting.Wake(request.Id, cancellationToken);
        await credentials.Delete(request.Id, cancellationToken);

        audit.Record("credential.deleted", "credential", request.Id.ToString(), CredentialSummary.Of(credential));
        return Unit.Value;
    }
}
