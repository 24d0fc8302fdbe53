using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Makes one of the four roles. Called under the bootstrap's lock.</summary>
static class RoleBootstrap
{
    /// <summary>
    /// A role that exists is only touched when the derived password does not open it: its administrator may have set other things on purpose.
    /// </summary>
    public static async Task Ensure(NpgsqlConnection admin, string role, string connectionString, ILogger log, CancellationToken ct)
    {
        var verifier = RolePassword.Verifier(new NpgsqlConnectionStringBuilder(connectionString).Password!);
        if (!await Exists(admin, role, ct))
        {
            await Create(admin, role, verifier, ct);
            log.LogInformation("Created the role {Role}", role);
        }
        else if (!await Opens(connectionString, admin.Database, ct))
        {
            await DatabaseBootstrap.ExecuteFormatted(admin, "alter role %I login password %L", ct, role, verifier);
            log.LogInformation("Set the password of the role {Role}", role);
        }
    }

    /// <summary>To give a database to a role, one must be a member of it. A superuser is anyway.</summary>
    public static async Task Join(NpgsqlConnection admin, string role, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_has_role(@role, 'member')", admin);
        command.Parameters.AddWithValue("role", role);
        if (!(bool)(await command.ExecuteScalarAsync(ct))!)
        {
            await DatabaseBootstrap.ExecuteFormatted(admin, "grant %I to current_user", ct, role);
        }
    }

    static async Task Create(NpgsqlConnection admin, string role, string verifier, CancellationToken ct)
    {
        if (role != RoleConnections.OwnerRole)
        {
            await DatabaseBootstrap.ExecuteFormatted(
                admin, "create role %I login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password %L", ct, role, verifier);
            // A forgotten transaction holds back the clean-up of every table, a statement without end holds a connection.
            await DatabaseBootstrap.ExecuteFormatted(admin, "alter role %I set idle_in_transaction_session_timeout = '60s'", ct, role);
            await DatabaseBootstrap.ExecuteFormatted(admin, "alter role %I set statement_timeout = '60s'", ct, role);
            return;
        }
        try
        {
            await DatabaseBootstrap.ExecuteFormatted(
                admin, "create role %I login nosuperuser bypassrls nocreatedb nocreaterole password %L", ct, role, verifier);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseStartException(
                $"Only a superuser may make the role {role}, which needs BYPASSRLS for migrations; let one run: create role {role} login bypassrls.", problem);
        }
    }

    static async Task<bool> Exists(NpgsqlConnection admin, string role, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_catalog.pg_roles where rolname = @role)", admin);
        command.Parameters.AddWithValue("role", role);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task<bool> Opens(string connectionString, string database, CancellationToken ct)
    {
        try
        {
            await using var connection = await DatabaseBootstrap.Connect(
                new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString, ct);
            return true;
        }
        catch (PostgresException problem) when (problem.SqlState is
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // The password was right; the role may only not enter this database.
            return true;
        }
    }
}
