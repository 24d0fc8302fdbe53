using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

sealed partial class McpServerStore(Db db, CallContext call, SecretBox box, TimeProvider time) : IMcpServers
{
    public async Task<McpServerView?> Find(McpName server, CancellationToken ct)
    {
        const string sql = McpServerSql.SelectServer + " and (s.id = @id or s.slug = @slug) order by s.tenant_id = '00000000-0000-0000-0000-000000000000' limit 1";
        return server.CanExist ? (await db.One<McpServerRow>(sql, new { tenant = call.Tenant, id = server.Id, slug = server.Slug }, ct))?.ToView() : null;
    }

    public async Task<McpServerView?> FindForUpdate(McpName server, CancellationToken ct)
    {
        const string lockOwn = "select 1 from integrations.mcp_servers where tenant_id = @tenant and (id = @id or slug = @slug) for update";
        if (server.CanExist)
        {
            await db.Query<int>(lockOwn, new { tenant = call.Tenant, id = server.Id, slug = server.Slug }, ct);
        }

        return await Find(server, ct);
    }

    public async Task<int> Count(CancellationToken ct)
    {
        const string sql = "select count(*)::int from integrations.mcp_servers where tenant_id = @tenant";
        return await db.One<int>(sql, new { tenant = call.Tenant }, ct);
    }

    public async Task<bool> Add(NewMcpServer server, CancellationToken ct)
    {
        const string sql =
            """
            insert into integrations.mcp_servers (tenant_id, id, slug, name, description, category, transport, catalogue, url, documentation_url, metadata, created_by, created_at, updated_at)
            select @tenant, @Id, @Slug, @Name, @Description, @Category, @Transport, @Catalogue, @Url, @DocumentationUrl, @Metadata, @user, @now, @now
            where not exists (select from integrations.mcp_servers p where p.tenant_id = '00000000-0000-0000-0000-000000000000' and p.slug = @Slug)
            on conflict (tenant_id, slug) do nothing
            """;
        var args = new
        {
            tenant = call.Tenant,
            user = call.UserId,
            now = time.GetUtcNow(),
            server.Id,
            server.Slug,
            server.Name,
            server.Description,
            server.Category,
            server.Transport,
            server.Catalogue,
            server.Url,
            server.DocumentationUrl,
            server.Metadata,
        };
        return await db.Execute(sql, args, ct) > 0;
    }

    public Task Update(Guid id, McpServerFields fields, CancellationToken ct)
    {
        const string sql =
            """
            update integrations.mcp_servers set name = @Name, description = @Description, category = @Category, documentation_url = @DocumentationUrl, metadata = @Metadata, status = @Status,
              updated_at = greatest(@now, updated_at + interval '1 microsecond')
            where tenant_id = @tenant and id = @id
            """;
        var args = new
        {
            tenant = call.Tenant,
            id,
            fields.Name,
            fields.Description,
            fields.Category,
            fields.DocumentationUrl,
            fields.Metadata,
            fields.Status,
            now = time.GetUtcNow(),
        };
        return db.Execute(sql, args, ct);
    }

    public Task Delete(Guid id, CancellationToken ct)
    {
        const string sql =
            """
            delete from integrations.mcp_tools where tenant_id = @tenant and mcp_server_id = @id;
            delete from integrations.mcp_server_configs where tenant_id = @tenant and mcp_server_id = @id;
            delete from integrations.mcp_servers where tenant_id = @tenant and id = @id
            """;
        return db.Execute(sql, new { tenant = call.Tenant, id }, ct);
    }

    public async Task<McpToolView?> FindTool(Guid serverId, string tool, CancellationToken ct)
    {
        const string sql = McpServerSql.SelectTool + " and (t.id = @id or t.name = @tool)";
        var id = Guid.TryParseExact(tool, "D", out var given) ? given : (Guid?)null;
        return tool.Contains('\0', StringComparison.Ordinal) ? null : (await db.One<McpToolRow>(sql, new { tenant = call.Tenant, server = serverId, id, tool }, ct))?.ToView();
    }

    public async Task<IReadOnlyList<string>> Accept(Guid serverId, IReadOnlyList<McpToolHash> tools, CancellationToken ct)
    {
        const string sql =
            """
            with given as (select * from unnest(@names, @hashes) g (name, hash)),
            done as (
              update integrations.mcp_tools t set accepted = t.seen, accepted_hash = t.seen_hash, accepted_by = @user, accepted_at = @now
              from given g where t.tenant_id = @tenant and t.mcp_server_id = @serverId and t.name = g.name and t.seen_hash = g.hash
              returning t.name)
            select g.name from given g where not exists (select from done d where d.name = g.name)
            """;
        var args = new
        {
            tenant = call.Tenant,
            serverId,
            user = call.UserId,
            now = time.GetUtcNow(),
            names = tools.Select(tool => tool.Name).ToArray(),
            hashes = tools.Select(tool => tool.Hash).ToArray(),
        };
        return await db.Query<string>(sql, args, ct);
    }

    public async Task<IReadOnlyList<string>> Note(Guid serverId, IReadOnlyList<McpToolDefinition> tools, CancellationToken ct)
    {
        // What nobody accepted leaves no trace when it is gone: a server that renames its tools at every turn fills nothing.
        const string sql =
            """
            delete from integrations.mcp_tools where tenant_id = @tenant and mcp_server_id = @serverId and accepted is null and name <> all(@names);
            with changed as (
              insert into integrations.mcp_tools as t (tenant_id, id, mcp_server_id, name, seen, seen_hash, seen_at)
              select @tenant, g.id, @serverId, g.name, g.seen::json, g.hash, @now from unnest(@ids, @names, @hashes, @seen) g (id, name, hash, seen)
              on conflict (tenant_id, mcp_server_id, name) do update set seen = excluded.seen, seen_hash = excluded.seen_hash, seen_at = excluded.seen_at
              where t.seen_hash is distinct from excluded.seen_hash
              returning t.name),
            gone as (
              update integrations.mcp_tools t set seen = null, seen_hash = null, seen_at = @now
              where t.tenant_id = @tenant and t.mcp_server_id = @serverId and t.seen is not null and t.name <> all(@names)
              returning t.name)
            select name from changed union all select name from gone
            """;
        var now = time.GetUtcNow();
        var args = new
        {
            tenant = call.Tenant,
            serverId,
            now,
            ids = tools.Select(_ => Guid.CreateVersion7(now)).ToArray(),
            names = tools.Select(tool => tool.Name).ToArray(),
            hashes = tools.Select(tool => tool.Hash).ToArray(),
            seen = tools.Select(tool => tool.Json.GetRawText()).ToArray(),
        };
        return await db.Query<string>(sql, args, ct);
    }
}
