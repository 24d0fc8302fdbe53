using System.Text;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations;

sealed class ConsentStore(Db db, CallContext call, SecretBox box, CredentialReader reader, TokenStore tokens) : IConsents
{
    public const string VerifierPurpose = "oauth_verifier";

    const string NewestSql = $"""
        select c.id {CredentialSql.FromVisible} and c.auth_type = 'oauth2' and c.integration_id = @integration and (@credential::uuid is null or c.id = @credential)
        order by c.id desc
        limit 1
        """;

    // Flows that nobody finished go when the next one begins.
    const string BeginSql = """
        delete from integrations.oauth_flows where tenant_id = @tenant and expires_at < now();
        insert into integrations.oauth_flows (tenant_id, id, credential_id, state_hash, browser_hash, code_verifier, redirect_uri, return_to, user_id, expires_at)
        values (@tenant, @id, @credential, @state, @browser, @verifier, @redirect, @return_to, @user, now() + make_interval(secs => @lifetime::float8))
        """;

    // Locked against whoever consents right now: either they see this run waiting, or this sees that they have consented.
    const string StatusSql = "select status from integrations.credentials where tenant_id = @tenant and id = @credential for share";

    const string AwaitSql = "insert into integrations.consent_waits (tenant_id, credential_id, run_id) values (@tenant, @credential, @run) on conflict do nothing";

    const string TakeSql = "delete from integrations.consent_waits where tenant_id = @tenant and credential_id = @credential returning run_id";

    public async Task<OAuthClient?> FindClient(Guid integrationId, Guid? credentialId, CancellationToken ct)
    {
        var id = await db.One<Guid?>(NewestSql, new { tenant = call.Tenant, caller = call.UserId, integration = integrationId, credential = credentialId }, ct);
        if (id is null || await reader.Get(call.Tenant, call.UserId, id.Value, ct) is not { } row)
        {
            return null;
        }

        var (fields, _) = await reader.Open(call.Tenant, row, ct);
        return fields?.GetValueOrDefault("client_id") is { } client ? new OAuthClient(row.Id, client) : null;
    }

    public Task Begin(NewConsent consent, CancellationToken ct) => db.Execute(BeginSql, new
    {
        tenant = call.Tenant,
        id = consent.Id,
        credential = consent.CredentialId,
        state = consent.StateHash,
        browser = consent.BrowserHash,
        verifier = box.Seal(Encoding.ASCII.GetBytes(consent.Verifier), call.Tenant, VerifierPurpose, consent.Id),
        redirect = consent.RedirectUri,
        return_to = consent.ReturnTo,
        user = call.UserId,
        lifetime = consent.Lifetime.TotalSeconds,
    }, ct);

    public async Task<bool> Store(Guid credentialId, Tokens given, CancellationToken ct)
    {
        if (await tokens.Lock(credentialId, ct) is not { } row)
        {
            return false;
        }

        var (fields, _) = await reader.Open(call.Tenant, row, ct);
        if (fields is null)
        {
            return false;
        }

        await tokens.Store(row, fields, given, ct);
        return true;
    }

    public async Task<bool> Await(Guid credentialId, Guid runId, CancellationToken ct)
    {
        if (await db.One<string>(StatusSql, new { tenant = call.Tenant, credential = credentialId }, ct) != "consent_needed")
        {
            return false;
        }

        await db.Execute(AwaitSql, new { tenant = call.Tenant, credential = credentialId, run = runId }, ct);
        return true;
    }

    public Task<IReadOnlyList<Guid>> TakeWaiting(Guid credentialId, CancellationToken ct) => db.Query<Guid>(TakeSql, new { tenant = call.Tenant, credential = credentialId }, ct);
}
