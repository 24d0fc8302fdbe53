using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Integration.Shared;

/// <summary>Every test has a cluster of its own; they run one after the other, because each start is felt by the others.</summary>
[NonParallelizable]
[UnsupportedOSPlatform("windows")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class EmbeddedPostgresTests
{
    static readonly Dictionary<string, string> Fast = new(StringComparer.Ordinal) { ["fsync"] = "off" };

    /// <summary>An initialised data directory to copy: making one takes a second, copying it a tenth.</summary>
    readonly string seed = Path.Combine(Path.GetTempPath(), $"agentplatform-{Guid.CreateVersion7():n}");

    string root = "";
    string data = "";
    string? socket;

    [OneTimeSetUp]
    public async Task Initialise() => await (await EmbeddedPostgres.Start(seed, NullLogger.Instance, default, Fast)).DisposeAsync();

    [OneTimeTearDown]
    public void RemoveSeed() => Directory.Delete(seed, recursive: true);

    [SetUp]
    public void Choose()
    {
        root = Path.Combine(Path.GetTempPath(), $"agentplatform-{Guid.CreateVersion7():n}");
        data = Path.Combine(root, "data");
        socket = null;
        Directory.CreateDirectory(root);
    }

    [TearDown]
    public void Remove()
    {
        Directory.Delete(root, recursive: true);
        if (socket is not null && Directory.Exists(socket))
        {
            Directory.Delete(socket);
        }
    }

    [Test]
    public async Task Starts_durable_checksummed_and_deaf_to_the_network()
    {
        await using var server = await EmbeddedPostgres.Start(data, NullLogger.Instance, default);

        Assert.That(await Settings(server), Is.EqualTo(["on", "on", "on", "", "none", "off", "scram-sha-256", "UTF8"]));
        Assert.That(File.GetUnixFileMode(Path.Combine(data, "keys", "postgres")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(server.ClusterDirectory), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task Runs_as_an_unprivileged_user_with_no_password_on_its_command_line()
    {
        await using var server = await Start();

        var pid = Pid(server);
        var uid = (await File.ReadAllLinesAsync($"/proc/{pid}/status")).Single(x => x.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        var password = await File.ReadAllTextAsync(Path.Combine(data, "keys", "postgres"));
        Assert.That(uid, Is.Not.EqualTo("0"));
        Assert.That(await File.ReadAllTextAsync($"/proc/{pid}/cmdline"), Does.Not.Contain(password));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(data, "postgres", "postgres.log")), Does.Not.Contain(password));
    }

    [Test]
    public async Task Refuses_another_password()
    {
        await using var server = await Start();
        var other = new NpgsqlConnectionStringBuilder(server.AdminConnectionString) { Password = "guess" };

        Assert.That(() => Sql.Execute(other.ConnectionString, "select 1"), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("28P01"));
    }

    [Test]
    public async Task Keeps_what_was_committed_when_the_server_is_killed()
    {
        await using var killed = await Start();
        await Sql.Execute(killed.AdminConnectionString, "create table kept (id int); insert into kept values (7)");
        using (var postmaster = Process.GetProcessById(Pid(killed)))
        {
            postmaster.Kill();
            await postmaster.WaitForExitAsync();
        }

        await using var server = await Start();

        Assert.That(await Sql.Scalar<int>(server.AdminConnectionString, "select id from kept"), Is.EqualTo(7));
    }

    [Test]
    public async Task Starts_again_on_the_same_data_after_a_clean_stop()
    {
        await using (var first = await Start())
        {
            await Sql.Execute(first.AdminConnectionString, "create table kept (id int); insert into kept values (7)");
        }
        Assert.That(File.Exists(Path.Combine(data, "postgres", "cluster", "postmaster.pid")), Is.False);

        await using var server = await Start();

        Assert.That(await Sql.Scalar<int>(server.AdminConnectionString, "select id from kept"), Is.EqualTo(7));
    }

    [Test]
    public async Task Is_shared_by_two_holders_and_stopped_by_the_last()
    {
        var first = await Start();
        var pid = Pid(first);
        var second = await Start();
        Assert.That(Pid(second), Is.EqualTo(pid));

        await first.DisposeAsync();
        Assert.That(await Sql.Scalar<int>(second.AdminConnectionString, "select 1"), Is.EqualTo(1));
        await second.DisposeAsync();

        Assert.That(File.Exists(Path.Combine(data, "postgres", "cluster", "postmaster.pid")), Is.False);
    }

    [Test]
    public async Task Is_started_once_when_many_start_at_once()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(StartHere)));

        Assert.That(servers.Select(Pid).Distinct().Count(), Is.EqualTo(1));
        await Task.WhenAll(servers.Select(x => x.DisposeAsync().AsTask()));
        Assert.That(File.Exists(Path.Combine(data, "postgres", "cluster", "postmaster.pid")), Is.False);
    }

    [Test]
    public async Task Adopts_a_server_that_its_holder_left_running()
    {
        // What a kill -9 of ours leaves: the server, and locks that the kernel has released.
        await using (var first = await Start())
        {
            await first.Abandon();
        }
        var left = Pid(Path.Combine(data, "postgres", "cluster"));

        await using var server = await Start();

        Assert.That(Pid(server), Is.EqualTo(left));
        Assert.That(await Sql.Scalar<int>(server.AdminConnectionString, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Starts_although_another_program_has_got_the_number_in_a_stale_pid_file()
    {
        await (await Start()).DisposeAsync();
        var file = Path.Combine(data, "postgres", "cluster", "postmaster.pid");
        await File.WriteAllLinesAsync(file, [$"{Environment.ProcessId}", Path.GetDirectoryName(file)!, "1", "5432", "/elsewhere", "", "", "ready   "]);

        await using var server = await Start();

        Assert.That(Pid(server), Is.Not.EqualTo(Environment.ProcessId));
    }

    [TestCase(1)]
    [TestCase(60)]
    [TestCase(120)]
    public async Task Leaves_no_server_behind_when_the_start_is_cancelled(int afterMilliseconds)
    {
        await (await Start()).DisposeAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(afterMilliseconds));
        try
        {
            await using var server = await EmbeddedPostgres.Start(data, NullLogger.Instance, cancel.Token, Fast);
        }
        catch (OperationCanceledException)
        {
            // On a fast machine the start may win; what counts is below, and is the same.
        }

        Assert.That(PostmasterFile.Read(Path.Combine(data, "postgres", "cluster")).State, Is.EqualTo(PostmasterState.None));
    }

    [Test]
    public async Task Starts_over_after_an_initialisation_that_was_killed()
    {
        var half = Path.Combine(data, "postgres", "cluster.new");
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15\n");

        await using var server = await StartHere();

        Assert.That(await Sql.Scalar<int>(server.AdminConnectionString, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Puts_its_socket_elsewhere_when_the_path_is_too_long_for_one()
    {
        data = Path.Combine(data, new string('d', 120));

        await using var server = await Start();

        socket = new NpgsqlConnectionStringBuilder(server.AdminConnectionString).Host!;
        Assert.That(socket, Does.Not.StartWith(root));
        Assert.That(await Sql.Scalar<int>(server.AdminConnectionString, "select 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Says_where_the_log_is_when_the_server_does_not_start()
    {
        await (await Start()).DisposeAsync();

        Assert.That(
            () => EmbeddedPostgres.Start(data, NullLogger.Instance, default, new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_buffers"] = "lots" }),
            Throws.TypeOf<DatabaseStartException>().With.Message.Contains("postgres.log").And.Message.Contains("shared_buffers"));
        Assert.That(async () => await (await Start()).DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public void Names_the_package_when_the_programs_are_missing() =>
        Assert.That(() => PostgresBinaries.Find(wanted: 99, default), Throws.TypeOf<DatabaseStartException>().With.Message.Contains("apt-get install postgresql-99"));

    async Task<EmbeddedPostgres> Start()
    {
        if (!Directory.Exists(data))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(data)!);
            await new ServerCommand(null).Run("cp", ["-a", seed, data], default);
        }
        return await StartHere();
    }

    Task<EmbeddedPostgres> StartHere() => EmbeddedPostgres.Start(data, NullLogger.Instance, default, Fast);

    static Task<IReadOnlyList<string>> Settings(EmbeddedPostgres server) => Sql.Column(server.AdminConnectionString, """
        select current_setting(name)
        from unnest(array['data_checksums', 'fsync', 'synchronous_commit', 'listen_addresses', 'log_statement', 'jit', 'password_encryption', 'server_encoding']) as name
        """);

    static int Pid(EmbeddedPostgres server) => Pid(server.ClusterDirectory);

    static int Pid(string cluster) => int.Parse(File.ReadLines(Path.Combine(cluster, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
