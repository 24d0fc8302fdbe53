using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Shared;

[Parallelizable(ParallelScope.All)]
public sealed class MigratorTests
{
    static readonly MigrationFile First = File("agents/0001_first", "create table agents.first (id int);", "drop table agents.first;", "create schema agents;");
    static readonly MigrationFile Second = File("agents/0002_second", "create table agents.second (id int);", "drop table agents.second;");

    [Test]
    public async Task Ten_nodes_that_start_at_once_migrate_once()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => new Migrator(owner).Up(default)));

        Assert.That(results.Sum(x => x.Count), Is.EqualTo(MigrationFile.Embedded().Count));
        Assert.That(results.Count(x => x.Count > 0), Is.EqualTo(1));
        Assert.That(await Sql.Scalar<long>(owner, "select count(*) from platform.migrations"), Is.EqualTo(MigrationFile.Embedded().Count));
    }

    [Test]
    public async Task Takes_everything_back_and_applies_it_again()
    {
        var owner = (await PostgresFixture.NewDatabase()).Owner;
        var migrator = new Migrator(owner);
        var before = await Sql.Column(owner, Catalogue);

        foreach (var migration in (await migrator.Status(default)).Reverse())
        {
            await migrator.Down(migration.Module, default);
        }
        Assert.That((await migrator.Status(default)).Select(x => x.State), Is.All.EqualTo("pending"));
        await migrator.Up(default);

        Assert.That(await Sql.Column(owner, Catalogue), Is.EqualTo(before));
    }

    [Test]
    public async Task Refuses_a_file_that_was_edited_after_it_was_applied()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;
        await new Migrator(owner, [First]).Up(default);
        var edited = File("agents/0001_first", "create table agents.first (id bigint);", "drop table agents.first;", "create schema agents;");

        var migrator = new Migrator(owner, [edited, Second]);

        Assert.That(() => migrator.Up(default), Throws.TypeOf<MigrationException>().With.Message.Contains("agents/0001_first.sql was edited"));
        Assert.That((await migrator.Status(default)).Select(x => x.State), Is.EqualTo(["changed", "pending"]));
    }

    [Test]
    public async Task Takes_a_file_with_other_line_ends_for_the_same()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;
        const string text = "-- migrate:up\ncreate table platform.t (id int);\n-- migrate:down\ndrop table platform.t;\n";
        await new Migrator(owner, [MigrationFile.Parse("platform/0001_t.sql", text)]).Up(default);

        var again = await new Migrator(owner, [MigrationFile.Parse("platform/0001_t.sql", text.Replace("\n", "\r\n"))]).Up(default);

        Assert.That(again, Is.Empty);
    }

    [Test]
    public async Task Refuses_a_database_that_a_newer_program_has_migrated()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;
        await new Migrator(owner, [First, Second]).Up(default);

        Assert.That(
            () => new Migrator(owner, [First]).Up(default),
            Throws.TypeOf<MigrationException>().With.Message.Contains("agents/0002").And.Message.Contains("newer version"));
    }

    [Test]
    public async Task Leaves_nothing_of_a_file_that_fails_and_names_its_line()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;
        var broken = MigrationFile.Parse("db/migrations/agents/0002_broken.sql", """
            -- migrate:up

            create table agents.half (id int);

            create table agents.other (
              id int,
              other nonsense_type
            );

            -- migrate:down
            """);

        Assert.That(
            () => new Migrator(owner, [First, broken]).Up(default),
            Throws.TypeOf<MigrationException>().With.Message.StartsWith("db/migrations/agents/0002_broken.sql, line 7: type \"nonsense_type\" does not exist"));
        Assert.That(
            await Sql.Scalar<string>(owner, "select concat(to_regclass('agents.first'), ' ', to_regclass('agents.half'))"), Is.EqualTo("agents.first "));
        Assert.That(await Sql.Column(owner, "select name from platform.migrations"), Is.EqualTo(["first"]));
    }

    [Test]
    public void Cuts_a_script_only_at_semicolons_that_end_a_statement()
    {
        string[] statements =
        [
            "select 'a;''b', e'\\';', \"c;d\"", "do $$ begin perform 1; end $$", "create function f() returns int as $f$ select $1; $$;$$ $f$ language sql",
            "select $1, a$b from t /* ; /* ; */ ; */ where x -- ;\n = 1", "select 1",
        ];
        var script = " -- first;\n" + string.Join(";\n\n", statements) + "\n;;\n-- last;";

        Assert.That(SqlStatements.Split(script).Select(x => x.Text.TrimEnd()), Is.EqualTo(statements));
        Assert.That(SqlStatements.Split(script).Select(x => script.IndexOf(x.Text, StringComparison.Ordinal)), Is.EqualTo(SqlStatements.Split(script).Select(x => x.Start)));
    }

    [TestCase("select 'open; select 1")]
    [TestCase("select $a$ open; select 1")]
    [TestCase("select /* open; select 1")]
    [TestCase("select e'open\\'; select 1")]
    public void Takes_what_is_never_closed_for_one_statement(string script) =>
        Assert.That(SqlStatements.Split(script).Single().Text, Is.EqualTo(script));

    [Test]
    public async Task Keeps_a_migration_that_another_one_comes_after()
    {
        var owner = (await PostgresFixture.EmptyDatabase()).Owner;
        var dependent = MigrationFile.Parse("billing/0001_after.sql", "-- after: agents/0001\n-- migrate:up\n-- migrate:down\n");
        var migrator = new Migrator(owner, [dependent, First]);
        await migrator.Up(default);

        Assert.That(
            () => migrator.Down("agents", default), Throws.TypeOf<MigrationException>().With.Message.Contains("billing/0001_after.sql comes after it"));
    }

    [Test]
    public void Orders_by_module_and_number_except_where_a_file_asks_to_come_after_another()
    {
        MigrationFile[] files = [Empty("tenants/0002_b"), Empty("platform/0002_c", "tenants/0001"), Empty("agents/0001_d"), Empty("tenants/0001_a"), Empty("platform/0001_e")];

        Assert.That(MigrationPlan.Order(files).Select(x => x.Id), Is.EqualTo(["platform/0001", "tenants/0001", "platform/0002", "tenants/0002", "agents/0001"]));
    }

    [Test]
    public void Refuses_a_circle() =>
        Assert.That(
            () => MigrationPlan.Order([Empty("tenants/0001_a", "agents/0001"), Empty("agents/0001_b", "tenants/0001")]),
            Throws.TypeOf<MigrationException>().With.Message.Contains("wait for each other"));

    [TestCase("platform/1_x.sql", "-- migrate:up\n-- migrate:down")]
    [TestCase("platform/0001_x.sql", "-- migrate:up\n")]
    [TestCase("platform/0001_x.sql", "-- migrate:down\n-- migrate:up\n")]
    public void Refuses_a_file_of_another_form(string path, string text) =>
        Assert.That(() => MigrationFile.Parse(path, text), Throws.TypeOf<MigrationException>().With.Message.StartsWith(path));

    /// <summary>Everything that migrations make: tables, columns, indexes, policies, functions, grants.</summary>
    const string Catalogue = """
        select concat(n.nspname, '.', c.relname, ' ', c.relkind, ' ', c.relacl, ' ', a.attname, ' ', a.atttypid::regtype, ' ', a.attnotnull)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where n.nspname !~ '^(pg_|information_schema$)'
        union all
        select concat(p.oid::regprocedure, ' ', p.proacl, ' ', md5(p.prosrc)) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^(pg_|information_schema$)'
        union all
        select concat(schemaname, '.', tablename, ' ', policyname, ' ', roles, ' ', cmd, ' ', qual, ' ', with_check) from pg_policies
        union all
        select concat(conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid)) from pg_constraint
        union all
        select concat(nspname, ' ', nspacl) from pg_namespace where nspname !~ '^pg_'
        order by 1
        """;

    static MigrationFile File(string name, string up, string down, string before = "") =>
        MigrationFile.Parse($"db/migrations/{name}.sql", $"-- migrate:up\n{before}\n{up}\n-- migrate:down\n{down}\n");

    static MigrationFile Empty(string name, params string[] after) => MigrationFile.Parse(
        $"db/migrations/{name}.sql", string.Concat(after.Select(x => $"-- after: {x}\n")) + "-- migrate:up\nselect 1;\n-- migrate:down\n");
}
