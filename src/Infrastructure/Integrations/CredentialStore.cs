using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Npgsql;

namespace AgentPlatform.Infrastructure.Integrations;

sealed class CredentialStore(Db db, CallContext call, Envelope envelope) : ICredentialStore
{
    const string FindSql = $"select {CredentialSql.Columns} {CredentialSql.FromVisible} and c.id = @id";

    const string FindForUpdateSql = $"{FindSql} for update of c";

    const string FindSharedSql = $"select {CredentialSql.Columns} {CredentialSql.FromVisible} and c.name = @name and c.scope = 'tenant' for update of c";

    const string MoveSql = """
        update integrations.credentials
        set integration_id = @integration, vendor = null, secret = @secret, data_key = @data_key, key_id = @key_id, version = @version, preview = @preview, scopes = @scopes, allowed_hosts = '{}',
          status = 'consent_needed', token_expires_at = null, updated_at = now()
        where tenant_id = @tenant and id = @id
        """;

    const string AddSql = """
        insert into integrations.credentials (tenant_id, id, name, integration_id, vendor, scope, user_id, agent_id, auth_type, header, prefix, allowed_hosts, scopes, secret, data_key, key_id,
          preview, status, expires_at, created_by)
        values (@tenant, @id, @name, @integration, @vendor, @scope, @user, @agent, @type, @header, @prefix, @hosts, @scopes, @secret, @data_key, @key_id, @preview, @status, @expires, @creator)
        """;

    const string RotateSql = """
        update integrations.credentials
        set secret = @secret, data_key = @data_key, key_id = @key_id, version = @version, preview = @preview, status = @status, token_expires_at = null,
          allowed_hosts = coalesce(@hosts, allowed_hosts), expires_at = @expires, updated_at = now()
        where tenant_id = @tenant and id = @id
        """;

    const string DeleteSql = "delete from integrations.credentials where tenant_id = @tenant and id = @id";

    const string IntegrationSql = """
        select id, auth_type, spec from integrations.integrations
        where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and slug = @slug and is_active
        order by tenant_id = @tenant desc
        limit 1
        """;

    public Task<CredentialView?> Find(Guid id, CancellationToken ct) => db.One<CredentialView>(FindSql, new { tenant = call.Tenant, caller = call.UserId, id }, ct);

    public Task<CredentialView?> FindForUpdate(Guid id, CancellationToken ct) => db.One<CredentialView>(FindForUpdateSql, new { tenant = call.Tenant, caller = call.UserId, id }, ct);

    public Task<CredentialView?> FindShared(string name, CancellationToken ct) => db.One<CredentialView>(FindSharedSql, new { tenant = call.Tenant, caller = call.UserId, name }, ct);

    public async Task<bool> Add(NewCredential credential, SecretFields secret, CancellationToken ct)
    {
        var box = await Seal(secret, credential.Id, 1, ct);
        try
        {
            await db.Execute(AddSql, new
            {
                tenant = call.Tenant,
                id = credential.Id,
                name = credential.Name,
                integration = credential.IntegrationId,
                vendor = credential.Vendor,
                scope = credential.Scope,
                user = credential.UserId,
                agent = credential.AgentId,
                type = credential.AuthType,
                header = credential.Header.Name,
                prefix = credential.Header.Prefix,
                hosts = credential.AllowedHosts.ToArray(),
                scopes = credential.Scopes.ToArray(),
                secret = box.Secret,
                data_key = box.DataKey,
                key_id = box.KeyId,
                preview = credential.Preview,
                status = credential.Status,
                expires = credential.ExpiresAt,
                creator = credential.CreatedBy,
            }, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "credentials_name_key" })
        {
            return false;
        }

        await Tell(credential.Id, ct);
        return true;
    }

    public async Task Rotate(CredentialView credential, SecretFields secret, IReadOnlyList<string>? allowedHosts, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        var box = await Seal(secret, credential.Id, credential.Version + 1, ct);
        await db.Execute(RotateSql, new
        {
            tenant = call.Tenant,
            id = credential.Id,
            version = credential.Version + 1,
            secret = box.Secret,
            data_key = box.DataKey,
            key_id = box.KeyId,
            preview = secret.Preview(credential.AuthType),
            status = credential.AuthType == "oauth2" && !secret.Values.ContainsKey("access_token") ? "consent_needed" : "active",
            hosts = allowedHosts?.ToArray(),
            expires = expiresAt,
        }, ct);
        await Tell(credential.Id, ct);
    }

    public async Task Move(CredentialView credential, Guid integrationId, SecretFields secret, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var box = await Seal(secret, credential.Id, credential.Version + 1, ct);
        await db.Execute(MoveSql, new
        {
            tenant = call.Tenant,
            id = credential.Id,
            integration = integrationId,
            version = credential.Version + 1,
            secret = box.Secret,
            data_key = box.DataKey,
            key_id = box.KeyId,
            preview = secret.Preview(credential.AuthType),
            scopes = scopes.ToArray(),
        }, ct);
        await Tell(credential.Id, ct);
    }

    public async Task Delete(Guid id, CancellationToken ct)
    {
        await db.Execute(DeleteSql, new { tenant = call.Tenant, id }, ct);
        await Tell(id, ct);
    }

    public async Task<KnownIntegration?> FindIntegration(string slug, CancellationToken ct) =>
        await db.One<IntegrationRow>(IntegrationSql, new { tenant = call.Tenant, slug }, ct) is { } row ? new KnownIntegration(row.Id, row.AuthType, IntegrationSpec.Read(row.Spec)) : null;

    async Task<SealedSecret> Seal(SecretFields secret, Guid id, int version, CancellationToken ct)
    {
        try
        {
            return await envelope.Seal(JsonSerializer.SerializeToUtf8Bytes(secret.Values), call.Tenant, id, version, ct);
        }
        catch (KeyServiceException e)
        {
            throw new KeysUnavailableException(e.Message, e);
        }
    }

    /// <summary>Sent with the commit: from then on no node hands out what it knew before.</summary>
    Task<IReadOnlyList<string>> Tell(Guid id, CancellationToken ct) => db.Query<string>(CredentialSql.Tell, new { tenant = call.Tenant, id }, ct);

    sealed record IntegrationRow(Guid Id, string AuthType, JsonElement Spec);
}
