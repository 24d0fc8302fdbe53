using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Shared;

/// <summary>A table as the matrix needs it, taken from the catalogue.</summary>
/// <param name="Scope">The column that says whose a row is.</param>
/// <param name="Value">What that column holds: <c>tenant</c> or <c>person</c>.</param>
/// <param name="Insertable">Columns that requests may insert; all of them where they may insert none, so that the attempt is a whole row.</param>
/// <param name="Updatable">Columns that requests may update; the scope's own where they may update none.</param>
/// <param name="Key">The primary key's columns.</param>
/// <param name="Foreign">One row of the other tenant, as JSON.</param>
/// <param name="Own">How many rows the caller has.</param>
sealed record RlsTable(string Name, string Scope, string Value, string[] Insertable, string[] Updatable, string[] Key, string? Foreign, long Own)
{
    const string Catalogue = """
        select c.oid::regclass::text,
          coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and has_column_privilege('agentplatform_app', c.oid, a.attnum, 'insert')),
            (select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)),
          coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and has_column_privilege('agentplatform_app', c.oid, a.attnum, 'update')), '{}'),
          (select array_agg(a.attname::text) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey::int2[]) where i.indrelid = c.oid and i.indisprimary)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
          and n.nspname in ('platform', 'tenants', 'agents', 'execution', 'billing', 'integrations', 'knowledge')
        order by 1
        """;

    /// <summary>Where the caller's part of a table is not named by <c>tenant_id</c>.</summary>
    static readonly Dictionary<string, (string Column, string Value)> Scopes = new()
    {
        ["tenants.tenants"] = ("id", "tenant"),
        ["tenants.users"] = ("id", "person"),
        ["tenants.sessions"] = ("user_id", "person"),
    };

    public override string ToString() => Name;

    public static async Task<IReadOnlyList<RlsTable>> All(string owner, RlsCaller mine, RlsCaller theirs)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        var tables = new List<RlsTable>();
        await using (var command = source.CreateCommand(Catalogue))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var name = reader.GetString(0);
                var (column, value) = Scopes.GetValueOrDefault(name, ("tenant_id", "tenant"));
                tables.Add(new(name, column, value, reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<string[]>(3), null, 0));
            }
        }

        // Only functions touch it, and it belongs to nobody.
        tables.RemoveAll(table => table.Name == "tenants.login_throttles");
        for (var i = 0; i < tables.Count; i++)
        {
            var table = tables[i];
            await using var row = source.CreateCommand($"select to_jsonb(t)::text from {table.Name} t where {table.Scope} = '{theirs.Of(table)}' limit 1");
            await using var own = source.CreateCommand($"select count(*) from {table.Name} where {table.Scope} = '{mine.Of(table)}'");
            tables[i] = table with { Foreign = (string?)await row.ExecuteScalarAsync(), Own = (long)(await own.ExecuteScalarAsync())! };
        }

        return tables;
    }
}

/// <summary>A tenant and a person of it, as the two settings that the policies read.</summary>
sealed record RlsCaller(string Tenant, string Person)
{
    public string Of(RlsTable table) => table.Value == "tenant" ? Tenant : Person;

    public static async Task<RlsCaller> Of(EndpointMatrixTenant tenant)
    {
        using var answer = await tenant.Http.GetAsync("/v1/me");
        return new(tenant.Tenant.Id.ToString(), (await answer.Json(200)).GetProperty("user").GetProperty("id").GetString()!);
    }
}
