using AgentPlatform.Integration.Support;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Integration.Shared;

/// <summary>
/// The database itself keeps tenants apart: every table × every way to come in × every operation, as the role that requests use, past all of
/// the application's own checks. The rows were made through the API.
/// </summary>
public sealed class RlsTests
{
    static readonly Once<(IReadOnlyList<RlsTable> Tables, RlsCaller Mine, RlsCaller Theirs, TestApp App)> World = new(async () =>
    {
        var world = await EndpointMatrixWorld.Alone();
        var (mine, theirs) = (await RlsCaller.Of(world.Mine), await RlsCaller.Of(world.Theirs));
        var app = world.Mine.Tenant.App;
        var summing = new NpgsqlConnection(app.Database.Owner);
        // The job that sums days would take away what is fresh: it works alone, and here nobody ever lets go.
        await summing.OpenAsync();
        await using (var alone = new NpgsqlCommand("select pg_advisory_lock(1651076199, 1)", summing))
        {
            await alone.ExecuteNonQueryAsync();
        }

        foreach (var caller in new[] { mine, theirs })
        {
            // What a quiet system does not keep: an event on its way, a run that waits.
            await Sql.Execute(app.Database.Owner, $"""
                with event as (insert into platform.outbox (tenant_id, id, type, key, payload) values ('{caller.Tenant}', gen_random_uuid(), 'probe', '', '[]') returning tenant_id, id)
                insert into platform.outbox_deliveries (tenant_id, outbox_id, handler, next_attempt_at) select tenant_id, id, 'probe', 'infinity' from event;
                insert into execution.run_queue (tenant_id, run_id, available_at) values ('{caller.Tenant}', gen_random_uuid(), 'infinity');
                insert into execution.run_signals (tenant_id, id, run_id, name, payload) values ('{caller.Tenant}', gen_random_uuid(), gen_random_uuid(), 'probe', 'null');
                insert into execution.run_reused_steps (tenant_id, run_id, node_id, step_id) values ('{caller.Tenant}', gen_random_uuid(), 'probe', gen_random_uuid());
                insert into execution.paused_agents (tenant_id, agent_id, state) select tenant_id, id, 'paused' from agents.agents where tenant_id = '{caller.Tenant}' and slug = 'my-workflow';
                insert into billing.usage_daily values ('{caller.Tenant}', '2001-01-01', 'a/b', 'USD', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 0, 0, 0, 0);
                insert into billing.usage_fresh values ('{caller.Tenant}', gen_random_uuid(), '2001-01-01', 'a/b', 'USD', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, 0, 0, 0, 0, 0, 0);
                insert into billing.reservations (tenant_id, id, run_id, service_id, micros, expires_at) values ('{caller.Tenant}', gen_random_uuid(), gen_random_uuid(), 'probe', 1, 'infinity');
                insert into billing.budget_notices (tenant_id, budget_id, window_start, kind) select tenant_id, id, date '2001-01-01', 'alert' from billing.budgets where tenant_id = '{caller.Tenant}';
                insert into tenants.roles (tenant_id, name, description, permissions) values ('{caller.Tenant}', 'probe', 'Probe', array['agents:read'])
                """);
        }

        return (await RlsTable.All(app.Database.Owner, mine, theirs), mine, theirs, app);
    });

    static readonly string[] Operations = ["select", "insert", "update", "delete", "move", "upsert"];

    [Test]
    public async Task Every_table_holds_rows_of_both_tenants()
    {
        var (tables, _, _, _) = await World.Value();
        Assert.That(tables, Has.Count.GreaterThan(20));
        Assert.That(tables.Where(table => table.Foreign is null || table.Own == 0).Select(table => table.Name), Is.Empty, "a matrix over nothing proves nothing");
    }

    [TestCase("theirs")]
    [TestCase(null)]
    [TestCase("")]
    [TestCase("' or true--")]
    [TestCase("00000000-0000-0000-0000-000000000001")]
    public async Task Nobody_touches_a_row_of_another_tenant(string? setting)
    {
        var (tables, mine, theirs, app) = await World.Value();
        var caller = setting == "theirs" ? mine : new RlsCaller(setting!, setting!);
        await using var connection = new NpgsqlConnection(app.Database.App);
        await connection.OpenAsync();
        Assert.That(await Leaks(connection, "", tables, caller, theirs), Is.Empty);
    }

    [Test]
    public async Task Ones_own_rows_are_there()
    {
        var (tables, mine, _, app) = await World.Value();
        await using var connection = new NpgsqlConnection(app.Database.App);
        await connection.OpenAsync();
        foreach (var table in tables)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Set(connection, mine);
            var seen = await Try(connection, $"select {table.Key[0]} from {table.Name} where {table.Scope} = '{mine.Of(table)}'");
            Assert.That(seen.Rows > 0 || seen.State == "42501", $"{table}: {seen}");
        }
    }

    /// <summary>Weaken each table's policy in turn: the matrix must notice, or it could not fail.</summary>
    [Test]
    public async Task Every_weakened_policy_lets_something_through_that_the_matrix_sees()
    {
        var (tables, mine, theirs, app) = await World.Value();
        var admin = new NpgsqlConnectionStringBuilder(await PostgresFixture.Admin()) { Database = new NpgsqlConnectionStringBuilder(app.Database.App).Database, Pooling = false };
        await using var connection = new NpgsqlConnection(admin.ConnectionString);
        await connection.OpenAsync();
        var survivors = new List<string>();
        foreach (var table in tables)
        {
            var policy = (await Sql.Column(app.Database.Owner, $"select polname::text from pg_policy where polrelid = '{table.Name}'::regclass and polcmd = '*' and 0 = any(polroles)"))[0];
            string[] mutants = [$"alter policy {policy} on {table.Name} using (true) with check (true)", $"alter table {table.Name} disable row level security"];
            foreach (var mutant in mutants)
            {
                if ((await Leaks(connection, $"{mutant}; set local role agentplatform_app;", [table], mine, theirs)).Count == 0)
                {
                    survivors.Add(mutant);
                }
            }
        }

        Assert.That(survivors, Is.Empty);
    }

    [TestCase("agents.agent_versions", "changelog = 'changed'")]
    [TestCase("agents.agent_version_skills", "skill = 'changed'")]
    [TestCase("agents.agent_version_calls", "n = 9")]
    [TestCase("agents.skill_versions", "changelog = 'changed'")]
    [TestCase("tenants.audit_logs", "action = 'changed'")]
    public async Task What_is_immutable_refuses_even_its_owner(string table, string change)
    {
        var (_, _, theirs, app) = await World.Value();
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        foreach (var statement in new[] { $"update {table} set {change} where tenant_id = '{theirs.Tenant}'", $"delete from {table} where tenant_id = '{theirs.Tenant}'", $"truncate {table} cascade" })
        {
            await using var transaction = await connection.BeginTransactionAsync();
            Assert.That((await Try(connection, statement)).State, Is.EqualTo(PostgresErrorCodes.RestrictViolation), statement);
        }
    }

    [Test]
    public async Task A_finished_run_refuses_to_change_even_for_its_owner()
    {
        var (_, _, theirs, app) = await World.Value();
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var tried = await Try(connection, $"update execution.runs set status = 'running', finished_at = null where tenant_id = '{theirs.Tenant}'");
        Assert.That(tried.State, Is.EqualTo(PostgresErrorCodes.RestrictViolation));
    }

    /// <summary>What came through: each operation in a transaction of its own that is rolled back.</summary>
    static async Task<List<string>> Leaks(NpgsqlConnection connection, string prologue, IEnumerable<RlsTable> tables, RlsCaller caller, RlsCaller theirs)
    {
        var leaks = new List<string>();
        foreach (var table in tables)
        {
            foreach (var operation in Operations)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                if (prologue.Length > 0)
                {
                    Assert.That((await Try(connection, prologue)).State, Is.Null, prologue);
                }

                await Set(connection, caller);
                var tried = await Try(connection, Statement(operation, table, caller, theirs), table.Foreign);
                if (tried.State is null ? tried.Rows > 0 : !IsRefusal(tried.State))
                {
                    leaks.Add($"{operation} {table}: {tried}");
                }
            }
        }

        return leaks;
    }

    /// <summary>Refused by policy or grant; by immutability, which the owner meets too; or because the setting is no UUID.</summary>
    static bool IsRefusal(string state) => state is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.RestrictViolation or PostgresErrorCodes.InvalidTextRepresentation;

    static string Statement(string operation, RlsTable table, RlsCaller caller, RlsCaller theirs)
    {
        var (foreign, columns) = ($"{table.Scope} = '{theirs.Of(table)}'", string.Join(", ", table.Insertable));
        var column = table.Updatable.FirstOrDefault(c => !table.Key.Contains(c), table.Scope);
        var insert = $"insert into {table.Name} ({columns}) select {columns} from jsonb_populate_record(null::{table.Name}, @row)";
        return operation switch
        {
            "select" => $"select {table.Key[0]} from {table.Name} where {foreign}",
            "insert" => insert,
            "update" => $"update {table.Name} set {column} = {column} where {foreign}",
            "delete" => $"delete from {table.Name} where {foreign}",
            // Without a tenant of one's own there is nothing to move away, and the other's row is asked for.
            "move" => Guid.TryParse(caller.Tenant, out _)
                ? $"update {table.Name} set {table.Scope} = '{theirs.Of(table)}' where {table.Scope} = '{caller.Of(table)}'"
                : $"update {table.Name} set {table.Scope} = gen_random_uuid() where {foreign}",
            "upsert" => $"{insert} on conflict ({string.Join(", ", table.Key)}) do update set {column} = excluded.{column}",
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    static async Task Set(NpgsqlConnection connection, RlsCaller caller)
    {
        if (caller.Tenant is null)
        {
            return;
        }

        await using var command = new NpgsqlCommand("select set_config('app.tenant_id', @tenant, true), set_config('app.user_id', @person, true)", connection);
        command.Parameters.AddWithValue("tenant", caller.Tenant);
        command.Parameters.AddWithValue("person", caller.Person);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<(long Rows, string? State, string? Message)> Try(NpgsqlConnection connection, string sql, string? row = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (row is not null)
        {
            command.Parameters.AddWithValue("row", NpgsqlDbType.Jsonb, row);
        }

        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            long rows = 0;
            while (await reader.ReadAsync())
            {
                rows++;
            }

            await reader.CloseAsync();
            return (Math.Max(rows, reader.RecordsAffected), null, null);
        }
        catch (PostgresException e)
        {
            return (0, e.SqlState, e.MessageText);
        }
    }
}
