using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Integration.Shared;

/// <summary>Roles belong to the whole server, so these tests have one of their own and follow each other on it.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class RolesTests
{
    static readonly Dictionary<string, string> Fast = new(StringComparer.Ordinal) { ["fsync"] = "off" };

    readonly string root = Path.Combine(Path.GetTempPath(), $"agentplatform-{Guid.CreateVersion7():n}");
    EmbeddedPostgres server = null!;
    DatabaseConnections connections = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Directory.CreateDirectory(root);
        server = await EmbeddedPostgres.Start(Path.Combine(root, "data"), NullLogger.Instance, default, Fast);
        // Ten nodes at once on a server that has nothing yet.
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Ensure("agentplatform")));
        connections = all[0];
        Assert.That(all, Is.All.EqualTo(connections));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    public async Task Only_the_owner_passes_by_row_level_security_and_nobody_is_a_superuser()
    {
        const string sql = """
            select concat_ws(' ', rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin) from pg_roles where rolname like 'agentplatform%' order by 1
            """;

        Assert.That(await Sql.Column(server.AdminConnectionString, sql), Is.EqualTo(
        [
            "agentplatform_app f f f f t",
            "agentplatform_engine f f f f t",
            "agentplatform_operator f f f f t",
            "agentplatform_owner f t f f t",
        ]));
        Assert.That(
            await Sql.Scalar<string>(server.AdminConnectionString, "select datdba::regrole::text from pg_database where datname = 'agentplatform'"),
            Is.EqualTo("agentplatform_owner"));
    }

    [Test]
    public async Task The_four_roles_log_in_and_are_found_safe()
    {
        await DatabaseChecks.EnsureSafe(connections);
        string[] all = [connections.Owner, connections.App, connections.Engine, connections.Operator];
        var users = await Task.WhenAll(all.Select(x => Sql.Scalar<string>(x, "select concat(current_user, ' ', current_database())")));

        Assert.That(users, Is.EqualTo(
            ["agentplatform_owner agentplatform", "agentplatform_app agentplatform", "agentplatform_engine agentplatform", "agentplatform_operator agentplatform"]));
    }

    [Test]
    public async Task The_server_has_only_verifiers_and_its_log_no_password()
    {
        var log = await File.ReadAllTextAsync(Path.Combine(root, "data", "postgres", "postgres.log"));
        string[] passwords = [.. new[] { connections.Owner, connections.App, connections.Engine, connections.Operator, server.AdminConnectionString }
            .Select(x => new NpgsqlConnectionStringBuilder(x).Password!)];

        Assert.That(passwords.Distinct().Count(), Is.EqualTo(5));
        Assert.That(passwords.Where(x => log.Contains(x, StringComparison.Ordinal)), Is.Empty);
        Assert.That(
            await Sql.Scalar<bool>(server.AdminConnectionString, "select bool_and(rolpassword like 'SCRAM-SHA-256$%') from pg_authid where rolcanlogin"), Is.True);
    }

    [Test]
    public async Task A_password_that_no_longer_opens_is_set_again()
    {
        await Sql.Execute(server.AdminConnectionString, "alter role agentplatform_engine password 'changed by hand'");

        await Ensure("agentplatform");

        Assert.That(await Sql.Scalar<int>(connections.Engine, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_role_that_may_create_roles_is_enough_once_a_superuser_has_made_the_owner()
    {
        await Sql.Execute(server.AdminConnectionString, "create role main login createrole createdb password 'main password'");
        var main = new NpgsqlConnectionStringBuilder(server.AdminConnectionString) { Username = "main", Password = "main password", Database = "elsewhere" };
        try
        {
            var theirs = await DatabaseBootstrap.EnsureRolesAndDatabase(main.ConnectionString, null, NullLogger.Instance, default);

            await DatabaseChecks.EnsureSafe(theirs);
            Assert.That(await new Migrator(theirs.Owner).Up(default), Is.Not.Empty);
        }
        finally
        {
            await Ensure("agentplatform");
        }
    }

    [Test]
    public async Task A_role_that_may_not_make_what_is_missing_is_told_so_in_one_sentence()
    {
        await Sql.Execute(server.AdminConnectionString, "create role plain login password 'plain password'");
        var main = new NpgsqlConnectionStringBuilder(server.AdminConnectionString) { Username = "plain", Password = "plain password" };

        Assert.That(
            () => DatabaseBootstrap.EnsureRolesAndDatabase(main.ConnectionString, "missing", NullLogger.Instance, default),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("plain").And.Message.Contains("permission denied").Or.Message.Contains("must"));
    }

    [Test]
    public void A_superuser_an_owner_and_one_past_row_level_security_are_refused_for_requests()
    {
        Assert.That(
            () => DatabaseChecks.EnsureSafe(connections with { App = server.AdminConnectionString }),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("is a superuser"));
        Assert.That(
            () => DatabaseChecks.EnsureSafe(connections with { Engine = connections.Owner }),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("has BYPASSRLS"));
        Assert.That(
            () => DatabaseChecks.EnsureSafe(connections with { Owner = connections.App }),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("needs BYPASSRLS"));
    }

    [Test]
    public async Task A_role_that_owns_a_table_or_may_become_the_owner_is_refused()
    {
        await Sql.Execute(server.AdminConnectionString, """
            create role holder login password 'holder password';
            create role member login password 'member password' in role agentplatform_owner;
            """);
        await Sql.Execute(As("postgres", server.AdminConnectionString), "create table public.held (id int); alter table public.held owner to holder");

        Assert.That(
            () => DatabaseChecks.EnsureSafe(connections with { App = As("holder") }), Throws.TypeOf<DatabaseStartException>().With.Message.Contains("owns tables"));
        Assert.That(
            () => DatabaseChecks.EnsureSafe(connections with { Operator = As("member") }), Throws.TypeOf<DatabaseStartException>().With.Message.Contains("is a member of"));
    }

    [Test]
    public async Task Strings_of_ones_own_are_taken_as_they_are_and_only_all_four()
    {
        var given = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = connections.Owner,
            ["ConnectionStrings:App"] = connections.App,
            ["ConnectionStrings:Engine"] = connections.Engine,
            ["ConnectionStrings:Operator"] = connections.Operator,
        };
        var options = DatabaseOptions.From(new ConfigurationBuilder().AddInMemoryCollection(given).Build());
        await using var database = await Database.Open(options, NullLoggerFactory.Instance, default);
        Assert.That((database.Connections, database.IsEmbedded), Is.EqualTo((connections, false)));

        given.Remove("ConnectionStrings:App");
        Assert.That(
            () => DatabaseOptions.From(new ConfigurationBuilder().AddInMemoryCollection(given).Build()),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("all four"));
    }

    Task<DatabaseConnections> Ensure(string database) =>
        DatabaseBootstrap.EnsureRolesAndDatabase(server.AdminConnectionString, database, NullLogger.Instance, default);

    string As(string role, string? connectionString = null) => new NpgsqlConnectionStringBuilder(connectionString ?? connections.App)
    {
        Username = role,
        Password = connectionString is null ? $"{role} password" : new NpgsqlConnectionStringBuilder(connectionString).Password,
        Database = "agentplatform",
    }.ConnectionString;
}
