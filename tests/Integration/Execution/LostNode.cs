using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>A node that stands in the database and is nowhere else. What it holds and has noted the test says, and then it is lost.</summary>
sealed class LostNode
{
    /// <summary>Older than every node of a test.</summary>
    public static readonly Guid Id = Guid.Parse("01900000-0000-7000-8000-000000000000");

    readonly string database;

    LostNode(string database) => this.database = database;

    public static async Task<LostNode> Join(TestApp app)
    {
        await Sql.Execute(app.Database.Engine, "insert into execution.nodes (id, name, lease_expires_at) values ($1, 'lost', now() + interval '1 hour')", Id);
        return new LostNode(app.Database.Engine);
    }

    public Task Hold(params Guid[] runs) => Sql.Execute(database, "update execution.run_queue set lease_owner = $1 where run_id = any($2)", Id, runs);

    public Task Note(short lane, Guid tenant, params Guid[] runs) =>
        Sql.Execute(database, "insert into execution.trials (node_id, lane, tenant_ids, run_ids) values ($1, $2, $3, $4)", Id, lane, Enumerable.Repeat(tenant, runs.Length).ToArray(), runs);

    /// <summary>Returns once it is forgotten.</summary>
    public async Task Lose()
    {
        await Sql.Execute(database, "update execution.nodes set lease_expires_at = now() - interval '1 second' where id = $1", Id);
        await Eventually.Holds(async () => await Sql.Scalar<long>(database, "select count(*) from execution.nodes where id = $1", Id) == 0);
    }

    /// <summary>How many workers each of them has lost.</summary>
    public Task<int[]> LostWorkers(params Guid[] runs) => Task.WhenAll(runs.Select(run => Sql.Scalar<int>(database, "select lost_workers from execution.run_queue where run_id = $1", run)));
}
