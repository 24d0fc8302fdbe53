using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>What must hold before a statement of a tenant's may run: otherwise row-level security would be silently off.</summary>
public static class DatabaseChecks
{
    const int OldestServer = 150_000;

    const string Facts = """
        select current_setting('server_version_num')::int as version,
               r.rolname::text as role,
               r.rolsuper as is_superuser,
               r.rolbypassrls as bypasses_rls,
               r.rolcreaterole as creates_roles,
               exists (select from pg_catalog.pg_class c where c.relowner = r.oid)
                 or exists (select from pg_catalog.pg_database d where d.datname = current_database() and d.datdba = r.oid) as is_owner,
               exists (select from pg_catalog.pg_roles p
                       where p.oid <> r.oid and (p.rolsuper or p.rolbypassrls) and pg_has_role(r.oid, p.oid, 'member')) as can_become_owner
        from pg_catalog.pg_roles r
        where r.rolname = current_user
        """;

    /// <summary>Logs in as each of the four and looks at what the server says about them.</summary>
    /// <exception cref="DatabaseStartException">A server older than 15, or a role that may do more than it should.</exception>
    public static async Task EnsureSafe(DatabaseConnections connections, CancellationToken ct = default)
    {
        var owner = Check(connections.Owner, isOwner: true, ct);
        string[] others = [connections.App, connections.Engine, connections.Operator];
        await Task.WhenAll([owner, .. others.Select(x => Check(x, isOwner: false, ct))]);
    }

    static async Task Check(string connectionString, bool isOwner, CancellationToken ct)
    {
        var facts = await Read(connectionString, ct);
        if (facts.Version < OldestServer)
        {
            throw new DatabaseStartException($"The server is PostgreSQL {facts.Version / 10_000}; 15 or later is needed.");
        }
        if (facts.IsSuperuser)
        {
            throw new DatabaseStartException($"The role {facts.Role} is a superuser, which row-level security does not bind; use a plain role.");
        }
        if (isOwner)
        {
            if (!facts.BypassesRls)
            {
                throw new DatabaseStartException(
                    $"The role {facts.Role} runs the migrations and needs BYPASSRLS; let a superuser run: alter role {facts.Role} bypassrls.");
            }
            return;
        }
        var excess = facts switch
        {
            { BypassesRls: true } => "has BYPASSRLS",
            { CreatesRoles: true } => "may create roles",
            { IsOwner: true } => "owns tables or the database",
            { CanBecomeOwner: true } => "is a member of a role that row-level security does not bind",
            _ => null,
        };
        if (excess is not null)
        {
            throw new DatabaseStartException($"The role {facts.Role} {excess}, so tenants would not be kept apart; use a role without that.");
        }
    }

    static async Task<RoleFacts> Read(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = await DatabaseBootstrap.Connect(connectionString, ct);
            await using var command = new NpgsqlCommand(Facts, connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            return new(
                reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6));
        }
        catch (NpgsqlException problem)
        {
            throw new DatabaseStartException($"The database does not answer {new NpgsqlConnectionStringBuilder(connectionString).Username}: {problem.Message}", problem);
        }
    }

    sealed record RoleFacts(int Version, string Role, bool IsSuperuser, bool BypassesRls, bool CreatesRoles, bool IsOwner, bool CanBecomeOwner);
}
