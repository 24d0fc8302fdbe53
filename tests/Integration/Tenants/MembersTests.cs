using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class MembersTests
{
    [Test]
    public async Task Two_owners_who_demote_each_other_at_once_leave_one()
    {
        var tenant = await TestApp.NewTenant();
        using var second = await tenant.Member("owner");
        var (first, other) = (await IdOf(tenant.Http), await IdOf(second.Http));

        var answers = await Task.WhenAll(
            tenant.Http.PatchAsJsonAsync($"/v1/members/{other}", new { role = "viewer" }),
            second.Http.PatchAsJsonAsync($"/v1/members/{first}", new { role = "viewer" }));

        var owners = await Sql.Scalar<long>(tenant.App.Database.Owner, $"select count(*) from tenants.memberships where tenant_id = '{tenant.Id}' and role = 'owner'");
        Assert.That(owners, Is.EqualTo(1), string.Join(", ", answers.Select(answer => answer.StatusCode)));
    }

    [Test]
    public async Task The_last_owner_cannot_leave_or_step_down()
    {
        var tenant = await TestApp.NewTenant();
        var me = await IdOf(tenant.Http);

        await (await tenant.Http.PatchAsJsonAsync($"/v1/members/{me}", new { role = "admin" })).Problem(409, "last_owner");
        await (await tenant.Http.DeleteAsync($"/v1/members/{me}")).Problem(409, "last_owner");
    }

    [Test]
    public async Task A_removed_member_has_no_tenant_and_no_key_from_then_on()
    {
        var tenant = await TestApp.NewTenant();
        using var member = await tenant.Member("developer");
        var id = await IdOf(member.Http);
        using var made = await member.Http.PostAsJsonAsync("/v1/api-keys", new { name = "mine", scopes = new[] { "agents:read" } });
        var key = (await made.Json(201)).GetProperty("key").GetString();

        await (await tenant.Http.DeleteAsync($"/v1/members/{id}")).Json(204);

        await (await member.Http.GetAsync("/v1/tenant")).Problem(403, "forbidden");
        var me = await (await member.Http.GetAsync("/v1/me")).Json(200);
        Assert.That(me.GetProperty("tenant").ValueKind, Is.EqualTo(JsonValueKind.Null));
        using var program = tenant.App.Anonymous();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await (await program.GetAsync("/v1/me")).Problem(401, "invalid_api_key");
    }

    [Test]
    public async Task Nobody_gives_more_than_they_have()
    {
        var tenant = await TestApp.NewTenant();
        using var admin = await tenant.Member("admin");

        await (await admin.Http.PostAsJsonAsync("/v1/invitations", new { email = "x@y.example", role = "owner" })).Problem(403, "exceeds_own_permissions");
        await (await admin.Http.PatchAsJsonAsync($"/v1/members/{await IdOf(tenant.Http)}", new { role = "viewer" })).Problem(403, "exceeds_own_permissions");
        await (await admin.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "*" } })).Problem(403, "exceeds_own_permissions");
        await (await admin.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "agents:fly" } })).Problem(422, "invalid");
    }

    [Test]
    public async Task An_invitation_is_good_once_and_for_its_address()
    {
        var tenant = await TestApp.NewTenant();
        var stranger = await TestApp.NewTenant();
        using var invited = await tenant.Http.PostAsJsonAsync("/v1/invitations", new { email = $"new@{tenant.Slug}.example", role = "viewer" });
        var token = (await invited.Json(201)).GetProperty("token").GetString();
        using var newcomer = new TestPerson(tenant.App);
        using var late = tenant.App.Anonymous();

        await (await stranger.Http.PostAsJsonAsync("/v1/invitations/accept", new { token })).Problem(403, "invitation_for_another");
        await (await newcomer.Http.PostAsJsonAsync("/v1/invitations/accept", new { token, name = "New", password = "12345678" })).Problem(422, "invalid");
        await (await newcomer.Http.PostAsJsonAsync("/v1/invitations/accept", new { token, name = "New", password = TestPerson.Password })).Json(200);
        await (await late.PostAsJsonAsync("/v1/invitations/accept", new { token, name = "Late", password = TestPerson.Password })).Problem(404, "invitation_not_found");
        await (await late.PostAsJsonAsync("/v1/invitations/accept", new { token = "inv_x", name = "Late", password = TestPerson.Password })).Problem(404, "invitation_not_found");
    }

    [Test]
    public async Task Inviting_again_or_taking_back_makes_the_earlier_token_void()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        var tokens = new List<JsonElement>();
        for (var i = 0; i < 2; i++)
        {
            using var invited = await tenant.Http.PostAsJsonAsync("/v1/invitations", new { email = $"new@{tenant.Slug}.example", role = "viewer" });
            tokens.Add(await invited.Json(201));
        }

        await (await Accept(http, tokens[0])).Problem(404, "invitation_not_found");
        await (await tenant.Http.DeleteAsync($"/v1/invitations/{tokens[1].GetProperty("id").GetGuid()}")).Json(204);
        await (await Accept(http, tokens[1])).Problem(404, "invitation_not_found");

        static Task<HttpResponseMessage> Accept(HttpClient http, JsonElement invitation) => http.PostAsJsonAsync(
            "/v1/invitations/accept", new { token = invitation.GetProperty("token").GetString(), name = "New", password = TestPerson.Password });
    }

    [Test]
    public async Task Members_come_in_pages_and_a_foreign_cursor_is_refused()
    {
        var (tenant, other) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        using var one = await tenant.Member("viewer");
        using var two = await tenant.Member("viewer");

        var first = await (await tenant.Http.GetAsync("/v1/members?limit=2")).Json(200);
        var cursor = first.GetProperty("next_cursor").GetString();
        var rest = await (await tenant.Http.GetAsync($"/v1/members?limit=2&cursor={cursor}")).Json(200);

        Assert.That(first.GetProperty("items").GetArrayLength(), Is.EqualTo(2));
        Assert.That(rest.GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        Assert.That(rest.GetProperty("next_cursor").ValueKind, Is.EqualTo(JsonValueKind.Null));
        await (await other.Http.GetAsync($"/v1/members?cursor={cursor}")).Problem(400, "invalid_cursor");
        await (await tenant.Http.GetAsync("/v1/members?limit=201")).Problem(422, "invalid");
    }

    [Test]
    public async Task A_stale_change_of_the_tenant_is_refused()
    {
        var tenant = await TestApp.NewTenant();
        using var read = await tenant.Http.GetAsync("/v1/tenant");
        var tag = read.Headers.ETag!.ToString();

        using var changed = await Patch(tenant.Http, tag, "First");
        Assert.That((await changed.Json(200)).GetProperty("name").GetString(), Is.EqualTo("First"));
        await (await Patch(tenant.Http, tag, "Second")).Problem(412, "stale");
        await (await Patch(tenant.Http, changed.Headers.ETag!.ToString(), "Third")).Json(200);

        static async Task<HttpResponseMessage> Patch(HttpClient http, string tag, string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/tenant") { Content = JsonContent.Create(new { name }) };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await http.SendAsync(request);
        }
    }

    static async Task<Guid> IdOf(HttpClient http) => (await (await http.GetAsync("/v1/me")).Json(200)).GetProperty("user").GetProperty("id").GetGuid();
}
