using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Gives a credential another secret, and on that occasion other hosts and another end. The former secret is gone; runs use the new one at once.</summary>
/// <param name="AllowedHosts">Null: as they were.</param>
/// <param name="ExpiresAt">Null: without end.</param>
[Requires("credentials:write")]
public sealed record RotateCredential(Guid Id, SecretFields Secret, IReadOnlyList<string>? AllowedHosts = null, DateTimeOffset? ExpiresAt = null) : ICommand<CredentialView>, IValidate
{
    public IEnumerable<FieldError> Validate() => CredentialRules.Hosts(AllowedHosts);
}

file sealed class Handler(ICredentialStore credentials, WaitingRuns waiting, IAudit audit, TimeProvider time) : IRequestHandler<RotateCredential, Result<CredentialView>>
{
    public async Task<Result<CredentialView>> Handle(RotateCredential request, CancellationToken cancellationToken)
    {
        if (await credentials.FindForUpdate(request.Id, cancellationToken) is not { } before)
        {
            return CredentialErrors.NotFound;
        }

        FieldError[] faults =
        [
            .. request.Secret.Check(before.AuthType),
            .. CredentialRules.Expiry(request.ExpiresAt, time.GetUtcNow()),
            .. request.AllowedHosts is { Count: 0 } && before is { Vendor: null, Integration: null } ? [new FieldError("/allowed_hosts", "required", "Say to which hosts it may be sent.")] : Array.Empty<FieldError>(),
        ];
        if (faults.Length > 0)
        {
            return Error.Invalid(faults);
        }

        try
        {
            await credentials.Rotate(before, request.Secret, request.AllowedHosts, request.ExpiresAt, cancellationToken);
        }
        catch (KeysUnavailableException)
        {
            return CredentialErrors.KeysUnavailable;
        }

        await waiting.Wake(request.Id, cancellationToken);
        var after = (await credentials.Find(request.Id, cancellationToken))!;
        audit.Record("credential.rotated", "credential", request.Id.ToString(), CredentialSummary.Of(before), CredentialSummary.Of(after));
        return after;
    }
}
