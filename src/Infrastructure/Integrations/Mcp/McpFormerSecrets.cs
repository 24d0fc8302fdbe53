using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>What the tenant's configurations of MCP servers keep secret: a run may have called any of them.</summary>
sealed class McpFormerSecrets(IServiceScopeFactory scopes, SecretBox box, IMcpPlaces places) : IFormerSecrets
{
    const string Sql = """
        select c.id, c.secrets, s.catalogue
        from integrations.mcp_server_configs c
        join integrations.mcp_servers s on s.tenant_id in (c.tenant_id, '00000000-0000-0000-0000-000000000000') and s.id = c.mcp_server_id
        where c.tenant_id = @tenant and c.secrets is not null
        order by c.updated_at desc
        limit @most
        """;

    public async Task<SkillError?> Recall(FormerUse use, SecretMask mask, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, use.TenantId, null, PermissionSet.None);
        foreach (var row in await scope.ServiceProvider.GetRequiredService<Db>().Query<Row>(Sql, new { tenant = use.TenantId, most = McpRules.MaxServers }, ct))
        {
            if (box.TryOpen(row.Secrets, use.TenantId, McpSecrets.Purpose, row.Id, out var plain))
            {
                mask.Add(SecretForms.Of(McpSecrets.Read(plain).Hidden(places.Catalogue.FirstOrDefault(entry => entry.Name == row.Catalogue))));
            }
        }

        return null;
    }

    sealed record Row(Guid Id, byte[] Secrets, string? Catalogue);
}
