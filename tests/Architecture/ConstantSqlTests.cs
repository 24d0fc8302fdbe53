using AgentPlatform.Architecture.Support;

namespace AgentPlatform.Architecture;

/// <summary>
/// SQL is a constant wherever it reaches the database. The text is followed backwards from the driver: a constant ends the search, a parameter
/// moves it on to the method's callers, anything else (concatenation, interpolation, a value read from somewhere) is a fault.
/// </summary>
public sealed class ConstantSqlTests
{
    /// <summary>
    /// What must build statements: migrations are files, and the bootstrap quotes role names and passwords with the server's own <c>format</c>,
    /// because DDL takes no parameters. <c>Db</c> puts its own constant in front of the caller's, which is followed through here.
    /// </summary>
    static readonly string[] Builders = ["Migrator", "MigrationTable", "DatabaseBootstrap", "RoleBootstrap", "Db"];

    static readonly Lazy<SqlFlow> Infrastructure = new(() => SqlFlow.Follow(Il.Assembly("Infrastructure")));

    [Test]
    public void Every_statement_is_a_constant() =>
        Assert.That(Infrastructure.Value.Faults.Where(fault => !Builders.Contains(fault.Type)).Select(fault => fault.Text), Is.Empty);

    [Test]
    public void Text_that_reaches_Db_is_a_constant_too() =>
        Assert.That(Infrastructure.Value.Sinks, Has.Some.Contains("Db::Query").And.Some.Contains("Db::One").And.Some.Contains("Db::Execute"));

    [Test]
    public void Finds_concatenation_interpolation_fields_and_what_a_parameter_brings() =>
        Assert.That(
            SqlFlow.Follow(Il.Read("AgentPlatform.Architecture")).Faults.Where(fault => fault.Type == "SqlSamples").Select(fault => fault.Method),
            Is.EquivalentTo(["Concatenated", "Interpolated", "FromAField", "FromACaller", "FromAnAsyncCaller", "EitherOr"]));

    [Test]
    public void The_exceptions_still_exist() =>
        Assert.That(Builders, Is.SubsetOf(Il.Assembly("Infrastructure").MainModule.Types.Select(type => type.Name)));
}
