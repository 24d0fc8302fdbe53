using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>Puts tokens into credentials, under the lock of their row: whoever holds it is the only one who refreshes, on all nodes.</summary>
sealed class TokenStore(Db db, CallContext call, Envelope envelope)
{
    const string LockSql = $"""
        select {CredentialReader.Columns}
        from integrations.credentials c
        left join integrations.integrations i on i.tenant_id in (c.tenant_id, '00000000-0000-0000-0000-000000000000') and i.id = c.integration_id
        where c.tenant_id = @tenant and c.id = @id
        for no key update of c
        """;

    const string StoreSql = """
        update integrations.credentials
        set secret = @secret, data_key = @data_key, key_id = @key_id, version = @version, status = 'active', token_expires_at = now() + make_interval(secs => @lifetime::float8), scopes = coalesce(@scopes, scopes), updated_at = now()
        where tenant_id = @tenant and id = @id
        """;

    const string LostSql = "update integrations.credentials set status = 'consent_needed', token_expires_at = null, updated_at = now() where tenant_id = @tenant and id = @id";

    public Task<CredentialRow?> Lock(Guid id, CancellationToken ct) => db.One<CredentialRow>(LockSql, new { tenant = call.Tenant, id }, ct);

    /// <exception cref="KeysUnavailableException">They could not be sealed.</exception>
    public async Task Store(CredentialRow row, IReadOnlyDictionary<string, string> fields, Tokens tokens, CancellationToken ct)
    {
        var all = new SecretFields(fields).With(
        [
            KeyValuePair.Create("access_token", tokens.AccessToken),
            .. tokens.RefreshToken is { } refresh ? [KeyValuePair.Create("refresh_token", refresh)] : Array.Empty<KeyValuePair<string, string>>(),
        ]);
        try
        {
            var box = await envelope.Seal(JsonSerializer.SerializeToUtf8Bytes(all.Values), call.Tenant, row.Id, row.Version + 1, ct);
            await db.Execute(StoreSql, new
            {
                tenant = call.Tenant,
                id = row.Id,
                version = row.Version + 1,
                secret = box.Secret,
                data_key = box.DataKey,
                key_id = box.KeyId,
                lifetime = tokens.Lifetime?.TotalSeconds,
                scopes = tokens.Scopes?.ToArray(),
            }, ct);
        }
        catch (KeyServiceException e)
        {
            throw new KeysUnavailableException(e.Message, e);
        }

        await db.Query<string>(CredentialSql.Tell, new { tenant = call.Tenant, id = row.Id }, ct);
    }

    /// <summary>The other side takes its refresh token no more: only a person can help.</summary>
    public async Task LoseConsent(Guid id, CancellationToken ct)
    {
        await db.Execute(LostSql, new { tenant = call.Tenant, id }, ct);
        await db.Query<string>(CredentialSql.Tell, new { tenant = call.Tenant, id }, ct);
    }
}
