using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class AuditTests
{
    const string Rehash = "update tenants.audit_logs l set hash = tenants.audit_hash(l)";

    [TestCase("update tenants.audit_logs set action = 'nothing.happened' where tenant_id = '{0}' and seq = 2", 2, "content")]
    [TestCase("delete from tenants.audit_logs where tenant_id = '{0}' and seq = 2", 3, "gap")]
    [TestCase("delete from tenants.audit_logs where tenant_id = '{0}' and seq = 4", 4, "tail")]
    [TestCase("delete from tenants.audit_logs where tenant_id = '{0}'", 1, "tail")]
    [TestCase("insert into tenants.audit_logs select tenant_id, gen_random_uuid(), 5, created_at, actor_kind, actor_id, credential_id, action, resource_type, resource_id, "
        + "old_values, new_values, ip, user_agent, status, error_message, metadata, prev_hash, hash from tenants.audit_logs where tenant_id = '{0}' and seq = 4;"
        + Rehash + " where tenant_id = '{0}' and seq = 5", 5, "chain")]
    [TestCase("update tenants.audit_logs set seq = 5 - seq where tenant_id = '{0}' and seq in (2, 3);" + Rehash + " where tenant_id = '{0}' and seq in (2, 3)", 2, "chain")]
    [TestCase("delete from tenants.audit_logs where tenant_id = '{0}' and seq = 2; update tenants.audit_logs set tenant_id = '{0}' where tenant_id = '{1}' and seq = 2", 2, "content")]
    public async Task Verify_names_the_first_entry_that_somebody_tampered_with(string tampering, int seq, string code)
    {
        await using var app = await TestApp.Start();
        var (tenant, other) = (await WithFourEntries(app), await WithFourEntries(app));
        Assert.That((await Verify(tenant)).GetProperty("valid").GetBoolean(), Is.True);

        await Sql.Execute(app.Database.Owner,
            "alter table tenants.audit_logs disable trigger refuse_change;" + string.Format(null, tampering, tenant.Id, other.Id));

        var verdict = await Verify(tenant);
        Assert.That(verdict.GetProperty("valid").GetBoolean(), Is.False);
        Assert.That(verdict.GetProperty("first_fault").GetProperty("seq").GetInt64(), Is.EqualTo(seq));
        Assert.That(verdict.GetProperty("first_fault").GetProperty("code").GetString(), Is.EqualTo(code));
    }

    [Test]
    public async Task A_chain_rewritten_with_its_head_is_found_by_an_anchor_kept_elsewhere()
    {
        await using var app = await TestApp.Start();
        var tenant = await WithFourEntries(app);
        var head = (await Verify(tenant)).GetProperty("head");
        var anchor = $"?anchor_seq={head.GetProperty("seq").GetInt64()}&anchor_hash={head.GetProperty("hash").GetString()}";
        Assert.That((await Verify(tenant, anchor)).GetProperty("valid").GetBoolean(), Is.True);

        await Sql.Execute(app.Database.Owner, $"""
            alter table tenants.audit_logs disable trigger refuse_change;
            update tenants.audit_logs set action = 'nothing.happened' where tenant_id = '{tenant.Id}' and seq = 4;
            {Rehash} where tenant_id = '{tenant.Id}' and seq = 4;
            update tenants.audit_heads h set hash = l.hash from tenants.audit_logs l where l.tenant_id = h.tenant_id and l.seq = 4 and h.tenant_id = '{tenant.Id}';
            """);

        Assert.That((await Verify(tenant)).GetProperty("valid").GetBoolean(), Is.True);
        Assert.That((await Verify(tenant, anchor)).GetProperty("first_fault").GetProperty("code").GetString(), Is.EqualTo("anchor"));
    }

    [Test]
    public async Task Nobody_changes_an_entry_by_plain_sql()
    {
        var tenant = await TestApp.NewTenant();

        Assert.That(() => Sql.Execute(tenant.App.Database.Owner, $"update tenants.audit_logs set action = 'x' where tenant_id = '{tenant.Id}'"),
            Throws.InstanceOf<Npgsql.PostgresException>().With.Message.Contains("immutable"));
        Assert.That(() => Sql.Execute(tenant.App.Database.App, "insert into tenants.audit_logs default values"),
            Throws.InstanceOf<Npgsql.PostgresException>().With.Message.Contains("permission denied"));
    }

    [Test]
    public async Task Every_change_writes_exactly_one_entry_and_a_refusal_one_of_failure()
    {
        var tenant = await TestApp.NewTenant();
        using var invited = await tenant.Http.PostAsJsonAsync("/v1/invitations", new { email = $"new@{tenant.Slug}.example", role = "viewer" });
        var invitation = await invited.Json(201);
        using var newcomer = new TestPerson(tenant.App);
        using var accepted = await newcomer.Http.PostAsJsonAsync(
            "/v1/invitations/accept", new { token = invitation.GetProperty("token").GetString(), name = "New", password = TestPerson.Password });
        var member = await accepted.Json(200);
        newcomer.Accept(member);
        var userId = member.GetProperty("user").GetProperty("id").GetGuid();
        await (await newcomer.Http.PatchAsJsonAsync("/v1/tenant", new { name = "No" })).Problem(403, "forbidden");
        await (await newcomer.Http.PatchAsJsonAsync("/v1/me", new { name = "Newer" })).Json(200);
        await (await tenant.Http.PatchAsJsonAsync($"/v1/members/{userId}", new { role = "developer" })).Json(200);
        await (await tenant.Http.PatchAsJsonAsync("/v1/tenant", new { name = "Yes", settings = new { a = 1 } })).Json(200);
        using var made = await tenant.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "tenant:read" } });
        var key = (await made.Json(201)).GetProperty("id").GetGuid();
        await (await tenant.Http.DeleteAsync($"/v1/api-keys/{key}")).Json(204);
        await (await tenant.Http.DeleteAsync($"/v1/members/{userId}")).Json(204);
        using var guess = await tenant.App.Anonymous().PostAsJsonAsync("/v1/login", new { email = $"owner@{tenant.Slug}.example", password = "not the password" });
        await guess.Problem(401, "invalid_credentials");
        using var login = await tenant.App.Anonymous().PostAsJsonAsync("/v1/login", new { email = $"owner@{tenant.Slug}.example", password = TestPerson.Password });
        await login.Json(200);

        var log = await (await tenant.Http.GetAsync("/v1/audit-logs?limit=200")).Json(200);

        Assert.That(log.GetProperty("items").EnumerateArray().Reverse().Select(entry => $"{entry.GetProperty("action").GetString()} {entry.GetProperty("status").GetString()}"), Is.EqualTo(new[]
        {
            "tenant.created success", "invitation.created success", "invitation.accepted success", "access.refused failure", "user.updated success",
            "member.updated success", "tenant.updated success", "api_key.created success", "api_key.revoked success", "member.removed success",
            "login.failed failure", "login.succeeded success",
        }));
        Assert.That(log.GetRawText(), Does.Not.Contain(TestPerson.Password).And.Not.Contain(invitation.GetProperty("token").GetString()));
    }

    [Test]
    public async Task The_log_is_filtered_paged_and_each_tenants_own()
    {
        var (tenant, other) = (await WithFourEntries(await TestApp.Shared()), await TestApp.NewTenant());

        var first = await (await tenant.Http.GetAsync("/v1/audit-logs?action=tenant.updated&limit=2")).Json(200);
        var rest = await (await tenant.Http.GetAsync($"/v1/audit-logs?action=tenant.updated&limit=2&cursor={first.GetProperty("next_cursor").GetString()}")).Json(200);

        Assert.That(Seqs(first).Concat(Seqs(rest)), Is.EqualTo(new long[] { 4, 3, 2 }));
        Assert.That(Seqs(await (await tenant.Http.GetAsync("/v1/audit-logs?until=2001-01-01T00:00:00Z")).Json(200)), Is.Empty);
        Assert.That(Seqs(await (await tenant.Http.GetAsync("/v1/audit-logs?since=2001-01-01T00:00:00Z&resource_type=tenant")).Json(200)), Has.Length.EqualTo(4));
        Assert.That(Seqs(await (await tenant.Http.GetAsync($"/v1/audit-logs?actor={Guid.CreateVersion7()}")).Json(200)), Is.Empty);
        Assert.That(Seqs(await (await other.Http.GetAsync("/v1/audit-logs")).Json(200)), Is.EqualTo(new long[] { 1 }));
        using var viewer = await tenant.Member("viewer");
        await (await viewer.Http.GetAsync("/v1/audit-logs")).Problem(403, "forbidden");
    }

    static long[] Seqs(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("seq").GetInt64())];

    static async Task<TestTenant> WithFourEntries(TestApp app)
    {
        var tenant = await app.Tenant();
        foreach (var name in new[] { "One", "Two", "Three" })
        {
            await (await tenant.Http.PatchAsJsonAsync("/v1/tenant", new { name })).Json(200);
        }

        return tenant;
    }

    static async Task<JsonElement> Verify(TestTenant tenant, string query = "") => await (await tenant.Http.GetAsync("/v1/audit-logs/verify" + query)).Json(200);
}
