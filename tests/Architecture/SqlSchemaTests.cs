using System.Text.RegularExpressions;
using AgentPlatform.Architecture.Support;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AgentPlatform.Architecture;

/// <summary>A module's SQL names its own schema and <c>platform</c>; what it wants of another module it asks that module's public query.</summary>
public sealed partial class SqlSchemaTests
{
    [TestCaseSource(typeof(Modules), nameof(Modules.Names))]
    public void A_module_reads_and_writes_its_own_schema(string module) =>
        Assert.That(StringsOf(module).SelectMany(text => Foreign(text, module)).Distinct(), Is.Empty);

    [Test]
    public void What_is_shared_reads_and_writes_no_modules_schema() =>
        Assert.That(StringsOf(Modules.Shared).SelectMany(text => Foreign(text, "platform")).Distinct(), Is.Empty);

    [TestCase("Domain")]
    [TestCase("Application")]
    [TestCase("Api")]
    public void Only_Infrastructure_holds_SQL(string layer) =>
        Assert.That(
            from type in Il.Assembly(layer).AllTypes()
            where type.Outermost().Namespace.StartsWith("AgentPlatform.", StringComparison.Ordinal)
            from text in Strings(type)
            where Tables(text).Count > 0
            select text,
            Is.Empty);

    [TestCaseSource(nameof(Migrations))]
    public void A_migration_touches_its_own_schema_and_references_only_root_tables(string path, string text)
    {
        var module = path.Split('/')[^2];
        var rest = References().Replace(CurrentContext().Replace(Comment().Replace(text, ""), ""), "");
        Assert.That(Foreign(rest, module), Is.Empty);
    }

    [Test]
    public void Finds_a_foreign_schema_in_a_statement_and_none_in_a_name() => Assert.Multiple(() =>
    {
        Assert.That(Foreign("select 1 from tenants.users u join agents.agents a on true", "agents"), Is.EqualTo(["tenants.users"]));
        Assert.That(Foreign("insert into\n  execution.runs (id) select 1", "agents"), Is.EqualTo(["execution.runs"]));
        Assert.That(Foreign("select set_config('app.tenant_id', '', true); select 1 from platform.outbox", "agents"), Is.Empty);
        Assert.That(Foreign("tenants.created", "agents"), Is.Empty, "an event's name is not SQL");
    });

    static IEnumerable<TestCaseData> Migrations() =>
        Repository.Files("db/migrations", "*.sql").Select(file => new TestCaseData(file.Path, file.Text).SetArgDisplayNames(file.Path));

    /// <summary>Every text constant in the module's compiled code; the compiler has put constants and raw literals in their places.</summary>
    static IEnumerable<string> StringsOf(string module) =>
        from type in Il.Assembly("Infrastructure").AllTypes()
        where Modules.Of(type) == module
        from text in Strings(type)
        select text;

    static IEnumerable<string> Strings(TypeDefinition type) =>
        type.Methods.SelectMany(m => m.Code()).Where(i => i.OpCode == OpCodes.Ldstr).Select(i => (string)i.Operand);

    static IEnumerable<string> Foreign(string text, string module) =>
        Tables(text).Where(name => name.Split('.')[0] is var schema && schema != "platform" && !schema.Equals(module, StringComparison.OrdinalIgnoreCase)
            && name is not ("tenants.current_tenant_id" or "tenants.current_user_id"));

    static IReadOnlyCollection<string> Tables(string text) =>
        SqlWord().IsMatch(text) ? [.. Qualified().Matches(text).Select(match => match.Value.ToLowerInvariant()).Distinct()] : [];

    [GeneratedRegex(@"\b(select|insert\s+into|update|delete\s+from|merge\s+into|truncate|copy|lock\s+table|call|create|alter|drop|grant|from|join)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SqlWord();

    [GeneratedRegex(@"\b(tenants|agents|execution|billing|integrations|knowledge|platform)\.[a-z_][a-z0-9_]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Qualified();

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\btenants\.current_(tenant|user)_id\(\)")]
    private static partial Regex CurrentContext();

    [GeneratedRegex(@"\breferences\s+(tenants\.tenants|tenants\.users|agents\.agents|agents\.agent_versions)\b")]
    private static partial Regex References();
}
