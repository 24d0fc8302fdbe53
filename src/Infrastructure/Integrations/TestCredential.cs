using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations;

file sealed class Handler(CredentialReader reader, TokenRefresher refresher, GuardedHttp http, TimeProvider time, CallContext call) : IRequestHandler<TestCredential, Result<CredentialTest>>
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<Result<CredentialTest>> Handle(TestCredential request, CancellationToken cancellationToken)
    {
        if (await reader.Get(call.Tenant, call.UserId, request.Id, cancellationToken) is not { } row)
        {
            return CredentialErrors.NotFound;
        }

        if (row.IsExpired)
        {
            return Failed("credential_expired", "It has expired; store a new secret.");
        }

        if (row.Status == "consent_needed")
        {
            return Failed("consent_needed", "It needs the consent of a person.");
        }

        var (secret, error) = await Open(row, cancellationToken);
        if (secret is null)
        {
            return Failed(error!.Code, error.Message);
        }

        return (request.Url ?? IntegrationSpec.Read(row.Spec).TestUrl) is { } url
            ? await Send(secret, url, cancellationToken)
            : new CredentialTest(true, null, null, "It opens; nothing says where to try it, so it was sent nowhere.");
    }

    async Task<(Secret? Secret, SkillError? Error)> Open(CredentialRow row, CancellationToken ct)
    {
        if (row.NeedsRefresh(time.GetUtcNow() + TokenRefresher.Margin))
        {
            var refreshed = await refresher.Refresh(call.Tenant, row.Id, ct);
            return (refreshed.Secret, refreshed.Error);
        }

        var (fields, error) = await reader.Open(call.Tenant, row, ct);
        return (fields is null ? null : row.ToSecret(fields), error);
    }

    async Task<Result<CredentialTest>> Send(Secret secret, string address, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            var url = EgressUrl.Parse(address, http.Policy);
            if (secret.Refusal(url, http.Policy.IsListed(url.IdnHost.Trim('[', ']'))) is { } refusal)
            {
                return Error.Invalid("/url", refusal.Code, refusal.Message);
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            foreach (var (name, value) in secret.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            request.Headers.TryAddWithoutValidation("User-Agent", "AgentPlatform");
            using var client = http.CreateClient();
            // The status says it; what else comes is nobody's business here, and redirects are not followed.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            return status switch
            {
                401 or 403 => new CredentialTest(false, status, "refused", $"The other side refuses it with status {status}."),
                < 400 => new CredentialTest(true, status, null, "The other side takes it."),
                _ => new CredentialTest(false, status, "unclear", $"The other side answered with status {status}, which says nothing of the credential."),
            };
        }
        catch (EgressRefusedException e)
        {
            return Error.Invalid("/url", e.Code, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Failed("unreachable", "The other side could not be reached within 10 seconds.");
        }
    }

    static CredentialTest Failed(string code, string message) => new(false, null, code, message);
}
