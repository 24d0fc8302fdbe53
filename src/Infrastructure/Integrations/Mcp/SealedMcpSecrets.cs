using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>Seals with the current master key what tenants' configurations of MCP servers keep secret.</summary>
sealed class SealedMcpSecrets(Db db, CallContext call, SecretBox box) : ISealedRows
{
    const int Batch = 200;

    const string NextSql = """
        select id, secrets from integrations.mcp_server_configs
        where tenant_id = @tenant and id > @after and secrets is not null
        order by id
        limit @batch
        """;

    // Only where they still are what was read: whoever configured the server meanwhile sealed them with the current key. Connections made before
    // stay good, for nothing about them has changed: the row's time is left alone.
    const string SealSql = "update integrations.mcp_server_configs set secrets = @secrets where tenant_id = @tenant and id = @id and secrets = @former";

    const string CountSql = """
        select count(*) as rows, null::timestamptz as until from integrations.mcp_server_configs
        where tenant_id = @tenant and secrets is not null and substring(secrets from 2 for @length) <> @current
        """;

    public string Name => "MCP secrets";

    public async Task<SealedBatch> SealNext(Guid after, CancellationToken ct)
    {
        var rows = await db.Query<Row>(NextSql, new { tenant = call.Tenant, after, batch = Batch }, ct);
        var (done, failed) = (0, 0);
        foreach (var row in rows.Where(row => !box.IsCurrent(row.Secrets)))
        {
            if (!box.TryOpen(row.Secrets, call.Tenant, McpSecrets.Purpose, row.Id, out var plain))
            {
                failed++;
                continue;
            }

            done += await db.Execute(SealSql, new { tenant = call.Tenant, id = row.Id, secrets = box.Seal(plain, call.Tenant, McpSecrets.Purpose, row.Id), former = row.Secrets }, ct);
        }

        return new SealedBatch(done, failed, rows.Count < Batch ? null : rows[^1].Id);
    }

    public async Task<HangingRows> Count(CancellationToken ct) => (await db.One<HangingRows>(CountSql, new { tenant = call.Tenant, length = box.CurrentKeyId.Length, current = box.CurrentKeyId }, ct))!;

    sealed record Row(Guid Id, byte[] Secrets);
}
