using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>The credentials that somebody has used since a run began: among them are those that the run has used.</summary>
sealed class FormerSecrets(IServiceScopeFactory scopes) : IFormerSecrets
{
    // Use is written down at most once a minute, and what is in memory is handed out for ten seconds more: see CredentialReader and Credentials.
    const string UsedSql = $"""
        select {CredentialReader.Columns}
        from integrations.credentials c
        left join integrations.integrations i on i.tenant_id in (c.tenant_id, '00000000-0000-0000-0000-000000000000') and i.id = c.integration_id
        where c.tenant_id = @tenant and greatest(c.last_used_at, c.updated_at) > @since - interval '2 minutes'
          and (c.scope = 'tenant' or (c.scope = 'user' and c.user_id = @user) or (c.scope = 'agent' and c.agent_id = @agent))
        order by greatest(c.last_used_at, c.updated_at) desc
        limit @most
        """;

    /// <summary>Each of them is looked for in all that the run stores; no run has used more.</summary>
    const int Most = 200;

    public async Task<SkillError?> Recall(FormerUse use, SecretMask mask, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, use.TenantId, null, PermissionSet.None);
        var rows = await scope.ServiceProvider.GetRequiredService<Db>().Query<CredentialRow>(
            UsedSql, new { tenant = use.TenantId, since = use.Since, user = use.UserId, agent = use.AgentId, most = Most }, ct);
        var reader = scope.ServiceProvider.GetRequiredService<CredentialReader>();
        foreach (var row in rows)
        {
            var (fields, error) = await reader.Open(use.TenantId, row, ct);
            if (error is { Retryable: true })
            {
                return error;
            }

            // One that does not open now cannot have been used either.
            mask.Add(fields is null ? null : SecretForms.Of(SecretFields.Hidden(fields)));
        }

        return null;
    }
}
