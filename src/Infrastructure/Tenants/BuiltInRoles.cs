using AgentPlatform.Domain.Tenants;
using Npgsql;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>The roles and permissions of <c>policies/roles.json</c>, built into this assembly.</summary>
public static class BuiltInRoles
{
    public static readonly RoleCatalog Catalog = Load();

    /// <summary>
    /// Makes the platform tenant's roles what the file says, as the owner of the schema: nobody else may write there. One statement, at every
    /// start; it writes only what differs, so that ten nodes that start at once do not queue.
    /// </summary>
    public static async Task Sync(string ownerConnectionString, CancellationToken ct)
    {
        const string sql = """
            with wanted as (
              select name, description, string_to_array(permissions, ' ') as permissions
              from unnest(@names, @descriptions, @permissions) as w (name, description, permissions)
            ), gone as (
              delete from tenants.roles
              where tenant_id = '00000000-0000-0000-0000-000000000000' and name <> all (@names)
            )
            insert into tenants.roles as r (tenant_id, name, description, permissions)
            select '00000000-0000-0000-0000-000000000000', w.name, w.description, w.permissions from wanted w
            on conflict (tenant_id, name) do update
              set description = excluded.description, permissions = excluded.permissions, updated_at = now()
              where (r.description, r.permissions) is distinct from (excluded.description, excluded.permissions)
            """;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("names", Catalog.Roles.Select(role => role.Name).ToArray());
        command.Parameters.AddWithValue("descriptions", Catalog.Roles.Select(role => role.Description).ToArray());
        command.Parameters.AddWithValue("permissions", Catalog.Roles.Select(role => string.Join(' ', role.Permissions)).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    static RoleCatalog Load()
    {
        using var stream = typeof(BuiltInRoles).Assembly.GetManifestResourceStream("policies/roles.json")
            ?? throw new InvalidOperationException("policies/roles.json is not built into the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return RoleCatalog.Parse(bytes.ToArray());
    }
}
