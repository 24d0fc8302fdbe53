using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Shared;

/// <summary>
/// The migrated database keeps every rule of the data model. Each rule is also tried on a database that breaks it: a rule that
/// reports nothing there could not report anything.
/// </summary>
public sealed class CatalogueTests
{
    const string Plain = """
        create table agents.probe (tenant_id uuid not null references tenants.tenants (id), id uuid not null, primary key (tenant_id, id));
        alter table agents.probe enable row level security; alter table agents.probe force row level security;
        create policy tenant_isolation on agents.probe using (tenant_id = (select tenants.current_tenant_id())) with check (tenant_id = (select tenants.current_tenant_id()));
        """;

    static readonly Once<string> Owner = new(async () => (await PostgresFixture.NewDatabase()).Owner);

    [TestCaseSource(typeof(CatalogueRules), nameof(CatalogueRules.All))]
    public async Task Every_table_keeps_the_rule_that_it(CatalogueRule rule)
    {
        await using var connection = await Open();
        Assert.That(await Broken(connection, rule), Is.Empty);
    }

    [TestCaseSource(typeof(CatalogueRules), nameof(CatalogueRules.All))]
    public async Task No_exception_is_signed_that_nothing_needs(CatalogueRule rule)
    {
        await using var connection = await Open();
        Assert.That(rule.Signed.Keys.Except(await Names(connection, rule.Sql)), Is.Empty);
    }

    [TestCaseSource(nameof(Mutants))]
    public async Task A_broken_rule_is_reported(string rule, string change, string reported)
    {
        await using var connection = await Open(isSuperuser: true);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(change, connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        Assert.That(await Broken(connection, CatalogueRules.All.Single(x => x.Name == rule)), Has.Some.EqualTo(reported));
    }

    [Test]
    public void Every_rule_has_a_mutant_that_breaks_it() =>
        Assert.That(CatalogueRules.All.Select(rule => rule.Name).Except(Mutants().Select(m => (string)m.Arguments[0]!)), Is.Empty);

    /// <summary>Without its policy, without force, or with a weaker one: the rule that knows says so, for every table with row security.</summary>
    [Test]
    public async Task Every_tables_policies_are_missed_when_they_are_gone_or_weaker()
    {
        await using var connection = await Open();
        var policies = await Names(connection, "select polrelid::regclass || ' ' || polname from pg_policy where polcmd = '*' and 0 = any(polroles)");
        Assert.That(policies, Has.Count.GreaterThan(15));
        foreach (var (table, policy) in policies.Select(p => p.Split(' ')).Select(p => (p[0], p[1])))
        {
            string[] mutants =
            [
                $"drop policy {policy} on {table}",
                $"alter policy {policy} on {table} using (true)",
                $"alter policy {policy} on {table} with check (true)",
                $"alter table {table} no force row level security",
                $"alter table {table} disable row level security",
            ];
            foreach (var mutant in mutants)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var command = new NpgsqlCommand(mutant, connection))
                {
                    await command.ExecuteNonQueryAsync();
                }

                var found = new List<string>();
                foreach (var rule in CatalogueRules.All.Where(rule => rule.Name.Contains("polic") || rule.Name.Contains("row security is") || rule.Name.Contains("cross")))
                {
                    found.AddRange(await Broken(connection, rule));
                }

                Assert.That(found, Has.Some.StartsWith(table), mutant);
            }
        }
    }

    static IEnumerable<TestCaseData> Mutants()
    {
        yield return Mutant("has tenant_id", "create table agents.probe (id uuid primary key)", "agents.probe");
        yield return Mutant("row security is enabled and forced", "alter table agents.agents no force row level security", "agents.agents");
        yield return Mutant("has a policy for requests", "drop policy tenant_isolation on agents.agents", "agents.agents");
        yield return Mutant("a policy for requests keeps to the tenant", "create policy all_read on agents.agents for select using (is_public)", "agents.agents.all_read");
        yield return Mutant("only the engine and the operator cross tenants", "create policy all_read on agents.agents for select to agentplatform_app using (true)", "agents.agents.all_read");
        yield return Mutant(
            "the engine crosses tenants only where it works", "create policy engine_crosses on tenants.api_keys to agentplatform_engine using (true)", "tenants.api_keys");
        yield return Mutant("keys and unique indexes start with tenant_id", "create unique index probe on agents.agents (slug)", "agents.agents agents.probe");
        yield return Mutant(
            "foreign keys start with tenant_id", $"{Plain} alter table agents.probe add column feature text constraint probe_feature references agents.features (id)",
            "agents.probe probe_feature");
        yield return Mutant("foreign keys are served by an index", """
            alter table agents.tags add column skill_id uuid, add constraint probe foreign key (tenant_id, skill_id) references agents.skills (tenant_id, id)
            """, "agents.tags probe");
        yield return Mutant("text is bounded", "alter table agents.tags add column probe text", "agents.tags.probe");
        yield return Mutant("types are those of the data model", "alter table agents.tags add column probe timestamp", "agents.tags.probe timestamp without time zone");
        yield return Mutant("no sequences and no identities", "create sequence agents.probe", "agents.probe");
        yield return Mutant("no views and no rules", "create view agents.probe as select id from agents.agents", "agents.probe");
        yield return Mutant("only the owner owns", "grant create on schema agents to agentplatform_app", "create in agents by agentplatform_app");
        yield return Mutant("grants are no wider than row security reaches", "grant truncate on agents.tags to agentplatform_app", "agents.tags TRUNCATE to agentplatform_app");
        yield return Mutant(
            "functions with the owner's rights pin their search path",
            "create function agents.probe() returns int language sql security definer as 'select 1'", "agents.probe");
        yield return Mutant(
            "functions with the owner's rights are not for everybody",
            "create function agents.probe() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1'", "agents.probe");
        yield return Mutant(
            "partitioned tables have a default and three months ahead",
            "alter table execution.runs detach partition execution.runs_default", "execution.runs default");
        yield return Mutant("what only grows is partitioned", "create schema knowledge; create table knowledge.rag_queries ()", "knowledge.rag_queries");
        yield return Mutant(
            "nobody reaches a partition by its own name", "grant select on execution.runs_default to agentplatform_app", "execution.runs_default agentplatform_app");
        yield return Mutant(
            "what is immutable has its triggers", "alter table agents.agent_versions disable trigger refuse_truncate", "agents.agent_versions truncate");
        yield return Mutant("roles are ordinary", "alter role agentplatform_app createdb", "agentplatform_app");
    }

    static TestCaseData Mutant(string rule, string change, string reported) => new TestCaseData(rule, change, reported).SetArgDisplayNames(rule);

    /// <param name="isSuperuser">Rules about roles can be broken by nobody else.</param>
    static async Task<NpgsqlConnection> Open(bool isSuperuser = false)
    {
        var owner = await Owner.Value();
        var connection = new NpgsqlConnection(isSuperuser
            ? new NpgsqlConnectionStringBuilder(await PostgresFixture.Admin()) { Database = new NpgsqlConnectionStringBuilder(owner).Database, Pooling = false }.ConnectionString
            : owner);
        await connection.OpenAsync();
        return connection;
    }

    static async Task<IReadOnlyList<string>> Broken(NpgsqlConnection connection, CatalogueRule rule) => [.. (await Names(connection, rule.Sql)).Where(name => !rule.Signed.ContainsKey(name))];

    static async Task<List<string>> Names(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
