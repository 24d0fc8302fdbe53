using System.Globalization;
using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Shared;

/// <summary>What migration platform/0001 gives every module: time bounds of ids, partitions, immutability.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FoundationTests
{
    const string Grown = """
        create table platform.grown (tenant_id uuid not null, id uuid not null, note text not null default 'none', primary key (tenant_id, id)) partition by range (id);
        alter table platform.grown enable row level security;
        alter table platform.grown force row level security;
        create policy tenant on platform.grown using (tenant_id = (select tenants.current_tenant_id()));
        create trigger refuse_change before update or delete on platform.grown for each row execute function platform.refuse_change();
        create trigger refuse_truncate before truncate on platform.grown for each statement execute function platform.refuse_change();
        grant select, insert on platform.grown to agentplatform_app;
        """;

    [TestCase("1970-01-01T00:00:00Z")]
    [TestCase("2026-11-01T00:00:00Z")]
    [TestCase("2026-11-22T04:05:06.789Z")]
    [TestCase("2026-11-22T04:05:06.7899Z")]
    [TestCase("2199-12-31T23:59:59.999Z")]
    public async Task The_floor_of_an_instant_is_the_smallest_version_7_id_of_its_millisecond(string instant)
    {
        var owner = (await PostgresFixture.NewDatabase()).Owner;
        var at = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        var bytes = new byte[16];
        for (var (i, ms) = (5, at.ToUnixTimeMilliseconds()); i >= 0; i--, ms >>= 8)
        {
            bytes[i] = (byte)ms;
        }
        bytes[6] = 0x70;
        bytes[8] = 0x80;

        var floor = await Sql.Scalar<Guid>(owner, $"select platform.uuid_v7_floor('{instant}')");

        Assert.That(floor, Is.EqualTo(new Guid(bytes, bigEndian: true)));
        Assert.That(await Sql.Scalar<bool>(owner, $"select '{Guid.CreateVersion7(at)}'::uuid >= '{floor}'::uuid"), Is.True);
    }

    [Test]
    public async Task An_instant_that_no_id_can_hold_is_refused()
    {
        var owner = (await PostgresFixture.NewDatabase()).Owner;

        Assert.That(() => Sql.Execute(owner, "select platform.uuid_v7_floor('1969-12-31T23:59:59Z')"), Throws.TypeOf<PostgresException>());
    }

    [Test]
    public async Task Partitions_are_made_once_however_many_ask_at_once()
    {
        var database = await PostgresFixture.NewDatabase();
        await Sql.Execute(database.Owner, Grown);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Sql.Scalar<int>(database.Engine, "select platform.ensure_month_partitions('platform.grown', '2026-11-22', 4)")));

        Assert.That(made.Order(), Is.EqualTo([0, 0, 0, 0, 0, 0, 0, 4]));
        Assert.That(
            await Sql.Column(database.Owner, "select inhrelid::regclass::text from pg_inherits where inhparent = 'platform.grown'::regclass order by 1"),
            Is.EqualTo(["platform.grown_2026_11", "platform.grown_2026_12", "platform.grown_2027_01", "platform.grown_2027_02", "platform.grown_default"]));
    }

    [Test]
    public async Task A_row_goes_to_the_month_of_its_id_and_a_forgotten_month_to_the_default()
    {
        var database = await PostgresFixture.NewDatabase();
        await Sql.Execute(database.Owner, Grown);
        await Sql.Execute(database.Owner, "select platform.ensure_month_partitions('platform.grown', '2026-11-01', 1)");

        await Insert(database.Owner, "2026-11-01T00:00:00Z");
        await Insert(database.Owner, "2026-11-30T23:59:59.999Z");
        await Insert(database.Owner, "2026-12-01T00:00:00Z");

        Assert.That(
            await Sql.Column(database.Owner, "select tableoid::regclass::text from platform.grown order by id"),
            Is.EqualTo(["platform.grown_2026_11", "platform.grown_2026_11", "platform.grown_default"]));
        // December cannot be made over the row that lies in the default, and January must not wait for that.
        Assert.That(await Sql.Scalar<int>(database.Owner, "select platform.ensure_month_partitions('platform.grown', '2026-12-01', 2)"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_partition_shows_nothing_to_who_names_it_and_the_parent_only_ones_own()
    {
        var database = await PostgresFixture.NewDatabase();
        await Sql.Execute(database.Owner, Grown);
        await Sql.Execute(database.Owner, "select platform.ensure_month_partitions('platform.grown', '2026-11-01', 1)");
        var tenant = await Insert(database.Owner, "2026-11-05T00:00:00Z");
        await Insert(database.Owner, "2026-11-06T00:00:00Z");

        Assert.That(
            () => Sql.Execute(database.App, "select from platform.grown_2026_11"), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("42501"));
        Assert.That(await Sql.Scalar<long>(database.App, "select count(*) from platform.grown"), Is.Zero);
        Assert.That(await Sql.Scalar<long>(Sql.ForTenant(database.App, tenant), "select count(*) from platform.grown"), Is.EqualTo(1));
        Assert.That(
            await Sql.Column(
                database.Owner,
                "select relname::text from pg_class where relname like 'grown%' and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)"),
            Is.Empty);
    }

    [TestCase("update platform.grown set note = 'changed'")]
    [TestCase("delete from platform.grown")]
    [TestCase("truncate platform.grown")]
    [TestCase("update platform.grown_2026_11 set note = 'changed'")]
    [TestCase("delete from platform.grown_2026_11")]
    [TestCase("truncate platform.grown_2026_11")]
    public async Task An_immutable_table_refuses_even_its_owner(string change)
    {
        var owner = (await PostgresFixture.NewDatabase()).Owner;
        await Sql.Execute(owner, Grown);
        await Sql.Execute(owner, "select platform.ensure_month_partitions('platform.grown', '2026-11-01', 1)");
        await Insert(owner, "2026-11-05T00:00:00Z");

        Assert.That(() => Sql.Execute(owner, change), Throws.TypeOf<PostgresException>().With.Message.Contains("is immutable"));
    }

    [Test]
    public async Task Partitions_of_what_is_not_ours_are_refused_and_requests_may_make_none()
    {
        var database = await PostgresFixture.NewDatabase();

        Assert.That(
            () => Sql.Execute(database.Engine, "select platform.ensure_month_partitions('platform.outbox', '2026-11-01', 1)"),
            Throws.TypeOf<PostgresException>().With.Message.Contains("not a partitioned table of ours"));
        Assert.That(
            () => Sql.Execute(database.App, "select platform.ensure_month_partitions('platform.outbox', '2026-11-01', 1)"),
            Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("42501"));
    }

    static async Task<Guid> Insert(string owner, string instant)
    {
        var tenant = Guid.CreateVersion7();
        var floor = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        await Sql.Execute(owner, $"insert into platform.grown (tenant_id, id) values ('{tenant}', '{Guid.CreateVersion7(floor)}')");
        return tenant;
    }
}
