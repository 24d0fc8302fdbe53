using System.Text.RegularExpressions;
using AgentPlatform.Infrastructure.Execution.Dispatch;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Integration.Support;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Integration.Execution;

/// <summary>A plan that was made while nothing waited is kept while the queue fills: it must not read the whole queue for a few of its rows.</summary>
public sealed partial class QueueLookupPlanTests
{
    const int Runs = 10;

    static readonly Dictionary<string, object> Arrays = new()
    {
        ["tenants"] = new Guid[Runs],
        ["ids"] = new Guid[Runs],
        ["attempts"] = new int[Runs],
        ["statuses"] = Texts(),
        ["outputs"] = Texts(NpgsqlDbType.Json),
        ["errors"] = Texts(NpgsqlDbType.Jsonb),
        ["failed_nodes"] = Texts(),
        ["completed"] = new int[Runs],
        ["started"] = new DateTime[Runs],
        ["finished"] = new DateTime[Runs],
        ["usages"] = Texts(NpgsqlDbType.Jsonb),
        ["begun"] = new bool[Runs],
        ["places"] = Texts(),
        ["wakes"] = new int[Runs],
        ["wake_ats"] = new DateTime[Runs],
        ["nodes"] = Texts(),
        ["active"] = new long[Runs],
        ["node"] = Guid.CreateVersion7(),
        ["count"] = 100,
        ["runs"] = new Guid[Runs],
        ["brief"] = new Guid[Runs],
    };

    [TestCase(Finisher.Ended, TestName = "{m}(runs that end)")]
    [TestCase(Finisher.EndedLocked, TestName = "{m}(runs that end under a lock)")]
    [TestCase(Parker.Laid, TestName = "{m}(runs that wait)")]
    [TestCase(Checkpoints.Held, TestName = "{m}(runs whose steps are stored)")]
    [TestCase(Finisher.StopChildren, TestName = "{m}(children of runs that end)")]
    [TestCase(FlowGate.OpenSql, TestName = "{m}(runs whose time has come)")]
    [TestCase(RunWaker.WakeSql, TestName = "{m}(runs that are woken)")]
    [TestCase(NamedClaim.Sql, TestName = "{m}(runs that a broker names)")]
    public async Task Rows_of_an_empty_queue_are_looked_up_by_key_or_place(string sql)
    {
        var database = await PostgresFixture.NewDatabase();
        await Sql.Execute(database.Owner, "vacuum analyze execution.run_queue");
        await using var sources = DataSources.Connect(database);
        await using var connection = await sources.RunWriter.OpenConnectionAsync();
        var whole = sql.StartsWith("with", StringComparison.Ordinal) ? sql : $"with {sql} select count(*) from {sql[..sql.IndexOf(' ', StringComparison.Ordinal)]}";
        await using var explain = new NpgsqlCommand($"explain {whole}", connection);
        foreach (var name in Names().Matches(whole).Select(match => match.Groups[1].Value).Distinct())
        {
            explain.Parameters.Add(Arrays[name] is NpgsqlParameter typed ? typed.Clone() : new NpgsqlParameter { Value = Arrays[name] });
            explain.Parameters[^1].ParameterName = name;
        }

        var plan = await Sql.Column(explain);
        var scans = plan.Index().Where(line => ScanOfQueue().IsMatch(line.Item)).ToList();
        Assert.That(scans, Is.Not.Empty, string.Join('\n', plan));
        foreach (var (at, scan) in scans)
        {
            Assert.That($"{scan} {plan[at + 1]}", Does.Match("run_queue_(parked|time)_idx").Or.Contains("TID Cond:").Or.Match(@"run_queue_pkey .*Index Cond: .*tenant_id = .*run_id = "), string.Join('\n', plan));
        }
    }

    static NpgsqlParameter Texts(NpgsqlDbType type = NpgsqlDbType.Text) => new() { Value = new string?[Runs], NpgsqlDbType = NpgsqlDbType.Array | type };

    [GeneratedRegex("@([a-z_]+)")]
    private static partial Regex Names();

    [GeneratedRegex("Scan.* on run_queue")]
    private static partial Regex ScanOfQueue();
}
