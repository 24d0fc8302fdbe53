using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations;

file sealed class Handler(Db db, CallContext call, SecretBox box, CredentialReader reader, TokenEndpoint endpoint, IMediator mediator) : IRequestHandler<FinishConsent, Result<ConsentGiven>>
{
    const int MaxCode = 4096;

    // Taken in one statement: of two that come with the same state one finds nothing.
    const string TakeSql = """
        delete from integrations.oauth_flows
        where tenant_id = @tenant and state_hash = @state and browser_hash = @browser and expires_at > now()
        returning id, credential_id, code_verifier, redirect_uri, return_to, user_id
        """;

    public async Task<Result<ConsentGiven>> Handle(FinishConsent request, CancellationToken cancellationToken)
    {
        if (!TenantToken.TryRead(ConsentBegun.StateKind, request.State, out var state) || request.BrowserToken is not { Length: > 0 and <= 128 } browser)
        {
            return IntegrationErrors.InvalidState;
        }

        call.ActAs(ActorKind.System, state.TenantId, null, PermissionSet.None);
        var flow = await db.One<Flow>(TakeSql, new { tenant = state.TenantId, state = state.Hash, browser = SHA256.HashData(Encoding.UTF8.GetBytes(browser)) }, cancellationToken);
        if (flow is null || !box.TryOpen(flow.CodeVerifier, state.TenantId, ConsentStore.VerifierPurpose, flow.Id, out var verifier))
        {
            return IntegrationErrors.InvalidState;
        }

        if (request.Error is not null || request.Code is not { Length: > 0 and <= MaxCode } code)
        {
            return IntegrationErrors.ConsentRefused;
        }

        // The person who began it is the one whose credential it may be.
        var tokens = await Exchange(state.TenantId, flow, request.Issuer, code, Encoding.ASCII.GetString(verifier), cancellationToken);
        if (tokens is null)
        {
            return IntegrationErrors.ExchangeFailed;
        }

        call.ActAs(flow.UserId is null ? ActorKind.System : ActorKind.User, state.TenantId, flow.UserId, new PermissionSet(["runs:execute"]));
        var stored = await mediator.Send(new StoreTokens(flow.CredentialId, tokens), cancellationToken);
        return stored.IsOk ? new ConsentGiven(stored.Value, flow.ReturnTo) : stored.Error;
    }

    async Task<Tokens?> Exchange(Guid tenantId, Flow flow, string? issuer, string code, string verifier, CancellationToken ct)
    {
        if (await reader.Get(tenantId, flow.UserId, flow.CredentialId, ct) is not { } row || IntegrationSpec.Read(row.Spec).OAuth is not { } spec
            || (spec.Issuer is not null && issuer != spec.Issuer && (issuer is not null || spec.TellsIssuer)))
        {
            return null;
        }

        var (client, _) = await reader.Open(tenantId, row, ct);
        return client is null ? null : (await endpoint.Exchange(spec, client, code, flow.RedirectUri, verifier, ct)).Tokens;
    }

    sealed record Flow(Guid Id, Guid CredentialId, byte[] CodeVerifier, string RedirectUri, string? ReturnTo, Guid? UserId);
}
