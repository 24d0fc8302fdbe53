using System.IO.Compression;
using AgentPlatform.Infrastructure.Execution.Retention;
using AgentPlatform.Infrastructure.Shared.Archives;
using AgentPlatform.Integration.Execution.Tools;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>What becomes of old runs.</summary>
public sealed class RetentionTests
{
    static readonly DateOnly Month = new(2025, 3, 1);

    /// <summary>What lies in tables that have no months, and what models called.</summary>
    const string BesideRuns = """
        select (select count(*) from execution.run_signals where run_id = $1) + (select count(*) from execution.approvals where run_id = $1)
          + (select count(*) from execution.run_reused_steps where run_id = $1) + (select count(*) from execution.tool_executions where run_id = $1)
        """;

    /// <summary>Transactions that lock all months of two tables, in either order.</summary>
    static readonly string[] Turned =
    [
        """
        with changed as (update execution.run_steps s set attempt = s.attempt from unnest(array[$1]) r (id) where s.run_id = r.id returning 1)
        update execution.runs u set priority = u.priority from unnest(array[$1]) r (id) where u.id = r.id and u.finished_at is null
        """,
        """
        with changed as (update execution.runs u set priority = u.priority from unnest(array[$1]) r (id) where u.id = r.id and u.finished_at is null returning 1)
        update execution.run_steps s set attempt = s.attempt from unnest(array[$1]) r (id) where s.run_id = r.id
        """,
    ];

    const string MakeMonths = """
        select platform.ensure_month_partitions('execution.runs', date '2020-01-01' + (random() * 1000)::int, 1) where $1::uuid is not null
        """;

    int written;

    readonly string directory = Directory.CreateTempSubdirectory("agentplatform-archive-").FullName;

    [TearDown]
    public void Clean() => Directory.Delete(directory, recursive: true);

    [Test]
    public async Task A_month_goes_into_files_and_comes_back_as_it_was()
    {
        await using var app = await App();
        var (ours, theirs) = (await app.Tenant(), await app.Tenant());
        var (our, their) = (await OldRun(ours, "2025-03-31T23:59:59Z"), await OldRun(theirs, "2025-03-01T00:00:00Z"));
        var later = await OldRun(ours, "2025-04-01T00:00:00Z");
        var before = await Seen(ours, our);

        var put = await Archive(app).Put(Month, isDryRun: false, CancellationToken.None);

        Assert.That(put.Select(table => (table.Table, table.Rows)), Is.EqualTo(
        [
            ("execution.tool_executions", 2L), ("execution.run_signals", 2L), ("execution.approvals", 2L), ("execution.run_reused_steps", 2L),
            ("execution.run_steps", 4L), ("execution.runs", 2L),
        ]));
        Assert.That(await Status(ours, our), Is.EqualTo(404));
        Assert.That(await Status(ours, later), Is.EqualTo(200));
        Assert.That(await Sql.Scalar<bool>(app.Database.Owner, "select to_regclass('execution.runs_2025_03') is null"), Is.True);
        Assert.That(await Sql.Scalar<long>(app.Database.Owner, BesideRuns, our), Is.Zero, "What belongs to a run goes with it.");
        Assert.That(await Sql.Scalar<long>(app.Database.Owner, BesideRuns, later), Is.EqualTo(4));

        await Restore(app, put);

        Assert.That(await Seen(ours, our), Is.EqualTo(before));
        Assert.That(await Sql.Scalar<long>(app.Database.Owner, BesideRuns, our), Is.EqualTo(4));
        Assert.That(await Status(theirs, their), Is.EqualTo(200));
        Assert.That(await Status(theirs, our), Is.EqualTo(404), "A month that came back is behind the same walls.");
        Assert.That(() => RunRestore.Restore(app.Database.Owner, FileOf("execution.runs"), 30, CancellationToken.None), Throws.TypeOf<ArchiveException>().With.Message.Contains("not empty"));
        Assert.That(() => RunRestore.Restore(app.Database.Owner, FileOf("execution.approvals"), 30, CancellationToken.None), Throws.TypeOf<ArchiveException>());

        await app.Services.GetRequiredService<RetentionJob>().DoOnce(CancellationToken.None);
        Assert.That(await Status(ours, our), Is.EqualTo(200), "It was brought back for a while.");
        Assert.That(await Seen(ours, our), Is.EqualTo(before));
    }

    [Test]
    public async Task A_month_that_was_brought_back_is_put_away_again_as_it_was()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        var run = await OldRun(tenant, "2025-03-05T00:00:00Z");
        var before = await Seen(tenant, run);
        var put = await Archive(app).Put(Month, isDryRun: false, CancellationToken.None);
        await Restore(app, put);

        await Sql.Execute(app.Database.Owner, "update platform.archives set keep_until = now() - interval '1 second'");
        await app.Services.GetRequiredService<RetentionJob>().DoOnce(CancellationToken.None);

        Assert.That(await Status(tenant, run), Is.EqualTo(404));
        Assert.That(await Sql.Scalar<long>(app.Database.Owner, "select count(*) from platform.archives where restored_at is null"), Is.EqualTo(6));
        await Restore(app, put);
        Assert.That(await Seen(tenant, run), Is.EqualTo(before), "The plan keeps its steps no longer, but the file does.");
    }

    [Test]
    public async Task Writers_and_the_making_of_months_go_on_while_a_month_is_put_away()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        await OldRun(tenant, "2025-03-05T00:00:00Z");
        var young = await OldRun(tenant, TimeProvider.System.GetUtcNow().ToString("O"));
        using var over = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(i => Write(app, young, Turned[i % 2], over.Token)).Append(Write(app, young, MakeMonths, over.Token)).ToList();

        await Eventually.Holds(() => Task.FromResult(writers.TrueForAll(writer => writer.IsFaulted || Volatile.Read(ref written) > 50)));
        var put = await Archive(app).Put(Month, isDryRun: false, CancellationToken.None);
        await over.CancelAsync();

        Assert.That(put, Has.Count.EqualTo(6));
        Assert.That(async () => await Task.WhenAll(writers), Throws.Nothing);
    }

    [Test]
    public async Task A_frozen_month_takes_nothing_new_and_a_month_that_is_not_frozen_is_not_dropped()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        var run = await OldRun(tenant, "2025-03-05T00:00:00Z");
        Assert.That(() => Sql.Execute(app.Database.Engine, "select platform.drop_month('execution.runs', '2025-03-01', 1, repeat('0', 64), 'x')"),
            Throws.Exception.With.Message.Contains("not frozen"));

        await Sql.Execute(app.Database.Engine, "select platform.freeze_month('execution.run_steps', '2025-03-01')");

        Assert.That(() => Sql.Execute(app.Database.Engine, "update execution.run_steps set attempt = 2 where run_id = $1", run), Throws.Exception.With.Message.Contains("being put away"));
        Assert.That((await tenant.Http.RunOnce(Runs.Echo)).GetProperty("status").GetString(), Is.EqualTo("succeeded"), "Other months take what comes.");
        Assert.That(await Archive(app).Put(Month, isDryRun: false, CancellationToken.None), Has.Count.EqualTo(6), "What was frozen before is put away now.");
    }

    [Test]
    public async Task The_job_puts_away_what_no_plan_keeps_and_leaves_the_rest()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        var old = await OldRun(tenant, "2025-03-05T00:00:00Z");
        var young = (await tenant.Http.RunOnce(Runs.Echo)).GetProperty("id").GetGuid();

        await app.Services.GetRequiredService<RetentionJob>().DoOnce(CancellationToken.None);

        Assert.That((await Status(tenant, old), await Status(tenant, young)), Is.EqualTo((404, 200)));
        Assert.That(await Lines(FileOf("execution.runs")), Has.Exactly(1).Items.And.All.Contains(old.ToString()));
        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from platform.archives where month = '2025-03-01' and rows <= 1"), Is.EqualTo(6));
    }

    [Test]
    public async Task A_month_with_a_run_that_has_not_ended_stays()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        var run = await OldRun(tenant, "2025-03-05T00:00:00Z");
        await Sql.Execute(app.Database.Engine, $"insert into execution.run_queue (tenant_id, run_id, parked, available_at) values ('{tenant.Id}', '{run}', true, 'infinity')");

        Assert.That(await Archive(app).Put(Month, isDryRun: false, CancellationToken.None), Is.Empty);

        Assert.That(await Status(tenant, run), Is.EqualTo(200));
    }

    [Test]
    public async Task A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        var run = await OldRun(tenant, "2025-03-05T00:00:00Z");

        Assert.That((await Archive(app).Put(Month, isDryRun: true, CancellationToken.None)).Select(table => table.Rows), Is.EqualTo([1L, 1L, 1L, 1L, 2L, 1L]));

        Assert.That(await Status(tenant, run), Is.EqualTo(200));
        Assert.That(Directory.EnumerateFileSystemEntries(directory), Is.Empty);
    }

    [Test]
    public async Task What_an_attempt_that_broke_off_left_behind_is_written_anew()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        await OldRun(tenant, "2025-03-05T00:00:00Z");
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf("execution.runs"))!);
        await File.WriteAllTextAsync(FileOf("execution.runs"), new string('x', 100_000));

        await Archive(app).Put(Month, isDryRun: false, CancellationToken.None);

        Assert.That(await Lines(FileOf("execution.runs")), Has.Exactly(1).Items);
    }

    [Test]
    public async Task A_file_that_was_changed_or_cut_is_not_brought_back()
    {
        await using var app = await App();
        var tenant = await app.Tenant();
        await OldRun(tenant, "2025-03-05T00:00:00Z");
        await Archive(app).Put(Month, isDryRun: false, CancellationToken.None);
        var file = FileOf("execution.runs");
        var bytes = await File.ReadAllBytesAsync(file);

        foreach (var spoiled in new[] { bytes[..^1], [.. bytes[..^9], (byte)(bytes[^9] ^ 1), .. bytes[^8..]], [] })
        {
            await File.WriteAllBytesAsync(file, spoiled);
            Assert.That(() => RunRestore.Restore(app.Database.Owner, file, 30, CancellationToken.None), Throws.TypeOf<ArchiveException>().With.Message.Contains("SHA-256"));
        }

        File.Delete(ArchiveManifest.PathOf(file));
        Assert.That(() => RunRestore.Restore(app.Database.Owner, file, 30, CancellationToken.None), Throws.TypeOf<ArchiveException>().With.Message.Contains("manifest"));
    }

    [Test]
    public async Task Audit_logs_and_months_that_are_not_over_cannot_be_dropped()
    {
        await using var app = await App();

        Assert.That(() => Sql.Execute(app.Database.Engine, "select platform.drop_month('tenants.audit_logs', date_trunc('month', now())::date, 0, repeat('0', 64), 'x')"),
            Throws.Exception.With.Message.Contains("immutable"));
        Assert.That(() => Sql.Execute(app.Database.Engine, "select platform.drop_month('execution.runs', date_trunc('month', now())::date, 0, repeat('0', 64), 'x')"),
            Throws.Exception.With.Message.Contains("not over"));
        Assert.That(() => Sql.Execute(app.Database.App, "select platform.drop_month('execution.runs', '2025-03-01', 0, repeat('0', 64), 'x')"),
            Throws.Exception.With.Message.Contains("permission denied"));
    }

    [Test]
    public async Task Steps_go_when_the_plan_keeps_them_no_longer_and_the_run_stays()
    {
        await using var app = await App();
        var (free, pro) = (await app.Tenant(), await app.Tenant());
        await Sql.Execute(app.Database.Owner, $"update tenants.tenants set plan = 'pro' where id = '{pro.Id}'");
        var at = TimeProvider.System.GetUtcNow().AddDays(-8).ToString("O");
        var (gone, kept, waiting) = (await OldRun(free, at), await OldRun(pro, at), await OldRun(free, at));
        var young = (await free.Http.RunOnce(Runs.Echo)).GetProperty("id").GetGuid();
        var origin = await OldRun(free, at);
        await Sql.Execute(app.Database.Owner,
            "update execution.run_reused_steps set step_id = $1 where run_id = $2", Domain.Execution.StepId.Of(origin, 1), waiting);
        await Sql.Execute(app.Database.Engine, $"insert into execution.run_queue (tenant_id, run_id, parked, available_at) values ('{free.Id}', '{waiting}', true, 'infinity')");

        await app.Services.GetRequiredService<RetentionJob>().DoOnce(CancellationToken.None);

        Assert.That(await Status(free, gone), Is.EqualTo(200));
        Assert.That(
            ((await free.Http.Steps(gone)).Count, (await pro.Http.Steps(kept)).Count, (await free.Http.Steps(waiting)).Count, (await free.Http.Steps(young)).Count),
            Is.EqualTo((0, 2, 2, 1)));
        Assert.That(
            ((await free.Http.ToolExecutions($"run={gone}")).Count, (await pro.Http.ToolExecutions($"run={kept}")).Count, (await free.Http.ToolExecutions($"run={waiting}")).Count),
            Is.EqualTo((0, 1, 1)), "what models called goes with the steps");
        Assert.That((await free.Http.Steps(origin)).Count, Is.EqualTo(1), "A fork that has not ended stands on it.");
    }

    Task<TestApp> App() => TestApp.Start(new Dictionary<string, string?> { ["Retention:Directory"] = directory, ["Roles"] = "api,worker" });

    string FileOf(string table) => Path.Combine(directory, "2025-03", $"{table}.copy.gz");

    static RunArchive Archive(TestApp app) => app.Services.GetRequiredService<RunArchive>();

    /// <summary>A run of long ago with two steps, in a month that has its partitions.</summary>
    static async Task<Guid> OldRun(TestTenant tenant, string at)
    {
        var run = Guid.CreateVersion7(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        await Sql.Execute(tenant.App.Database.Engine, $$$"""
            select platform.ensure_month_partitions(t, '{{{at}}}'::timestamptz::date, 1) from unnest(array['execution.runs', 'execution.run_steps', 'execution.tool_executions']::regclass[]) t;
            insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, output, attempt, queued_at, started_at, finished_at)
            values ('{{{tenant.Id}}}', '{{{run}}}', '{{{run}}}', '{{{run}}}', 'manual', 'succeeded', '{ "b": 1.00,
              "a": "\\ \u0001 ü" }', '[1e2, null]', 1, '{{{at}}}', '{{{at}}}', '{{{at}}}');
            insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, status, output, started_at, finished_at)
            select '{{{tenant.Id}}}', id::uuid, '{{{run}}}', 'n', 0, 'succeeded', '{"said": "\\n"}', '{{{at}}}', '{{{at}}}'
            from unnest(array['{{{Domain.Execution.StepId.Of(run, 0)}}}', '{{{Domain.Execution.StepId.Of(run, 1)}}}']) id;
            insert into execution.tool_executions (tenant_id, id, request_id, run_id, agent_id, tool_name, status, started_at, completed_at)
            values ('{{{tenant.Id}}}', '{{{Domain.Execution.DerivedId.Of(run, "n", "tool")}}}', 'r', '{{{run}}}', '{{{run}}}', 'tool', 'succeeded', '{{{at}}}', '{{{at}}}');
            insert into execution.run_signals (tenant_id, id, run_id, name, payload) values ('{{{tenant.Id}}}', '{{{Guid.CreateVersion7()}}}', '{{{run}}}', 'go', '{ "a":  1 }');
            insert into execution.approvals (tenant_id, id, run_id, node_id, title, status, decided_at)
            values ('{{{tenant.Id}}}', '{{{Domain.Execution.DerivedId.Of(run, "n", "approval")}}}', '{{{run}}}', 'n', 'May I?', 'approved', '{{{at}}}')
            """);
        await Sql.Execute(tenant.App.Database.Owner,
            "insert into execution.run_reused_steps (tenant_id, run_id, node_id, step_id) values ($1, $2, 'n', $3)", tenant.Id, run, Domain.Execution.StepId.Of(run, 9));
        return run;
    }

    static async Task<string> Seen(TestTenant tenant, Guid run) =>
        $"{await tenant.Http.View(run)} {string.Join(' ', await tenant.Http.Steps(run))} {string.Join(' ', await tenant.Http.ToolExecutions($"run={run}"))}";

    async Task Write(TestApp app, Guid run, string sql, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Sql.Execute(app.Database.Engine, sql, run);
            Interlocked.Increment(ref written);
        }
    }

    async Task Restore(TestApp app, IEnumerable<ArchiveManifest> put)
    {
        foreach (var table in put)
        {
            await RunRestore.Restore(app.Database.Owner, FileOf(table.Table), keepDays: 30, CancellationToken.None);
        }
    }

    static async Task<int> Status(TestTenant tenant, Guid run)
    {
        using var answer = await tenant.Http.GetAsync($"/v1/runs/{run}");
        return (int)answer.StatusCode;
    }

    static async Task<List<string>> Lines(string file)
    {
        await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        return [.. (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
