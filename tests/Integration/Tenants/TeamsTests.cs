using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[TestFixture]
public sealed class TeamsTests
{
    [Test]
    public async Task A_team_is_made_changed_listed_and_deleted()
    {
        var tenant = await TestApp.NewTenant();
        var id = await Create(tenant, "ops");

        using (var changed = await tenant.Http.PatchAsJsonAsync($"/v1/teams/{id}", new { name = "Operations" }))
        {
            var view = await changed.Json(200);
            Assert.That((view.GetProperty("name").GetString(), view.GetProperty("slug").GetString()), Is.EqualTo(("Operations", "ops")));
        }

        Assert.That((await Get(tenant, "/v1/teams")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        using (var gone = await tenant.Http.DeleteAsync($"/v1/teams/{id}"))
        {
            await gone.Json(204);
        }

        using var missing = await tenant.Http.GetAsync($"/v1/teams/{id}");
        await missing.Problem(404, "team_not_found");
        using var log = await tenant.Http.GetAsync("/v1/audit-logs?resource_type=team");
        Assert.That((await log.Json(200)).GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()),
            Is.EqualTo(["team.deleted", "team.updated", "team.created"]));
    }

    [Test]
    public async Task A_slug_is_taken_once_and_a_stale_change_is_refused()
    {
        var tenant = await TestApp.NewTenant();
        var (first, second) = (await Create(tenant, "one"), await Create(tenant, "two"));

        using var again = await tenant.Http.PostAsJsonAsync("/v1/teams", new { slug = "one", name = "One" });
        await again.Problem(409, "slug_taken");
        using var renamed = await tenant.Http.PatchAsJsonAsync($"/v1/teams/{second}", new { slug = "one" });
        await renamed.Problem(409, "slug_taken");
        using var stale = new HttpRequestMessage(HttpMethod.Patch, $"/v1/teams/{first}") { Content = JsonContent.Create(new { name = "X" }) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var refused = await tenant.Http.SendAsync(stale);
        await refused.Problem(412, "stale");
        await Create(await TestApp.NewTenant(), "one");
    }

    [Test]
    public async Task Only_members_of_the_tenant_join_and_whoever_leaves_the_tenant_leaves_its_teams()
    {
        var tenant = await TestApp.NewTenant();
        var team = await Create(tenant, "ops");
        var (member, stranger) = (await UserId(await tenant.Member("developer")), await UserId((await TestApp.NewTenant()).Owner));

        using (var refused = await tenant.Http.PutAsJsonAsync($"/v1/teams/{team}/members/{stranger}", new { }))
        {
            await refused.Problem(404, "member_not_found");
        }

        using (var joined = await tenant.Http.PutAsJsonAsync($"/v1/teams/{team}/members/{member}", new { role = "lead" }))
        {
            Assert.That((await joined.Json(200)).GetProperty("role").GetString(), Is.EqualTo("lead"));
        }

        Assert.That((await Get(tenant, $"/v1/teams/{team}")).GetProperty("member_count").GetInt32(), Is.EqualTo(1));
        using (var removed = await tenant.Http.DeleteAsync($"/v1/members/{member}"))
        {
            await removed.Json(204);
        }

        Assert.That((await Get(tenant, $"/v1/teams/{team}/members")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    static async Task<Guid> Create(TestTenant tenant, string slug)
    {
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/teams", new { slug, name = slug });
        return (await answer.Json(201)).GetProperty("id").GetGuid();
    }

    static async Task<JsonElement> Get(TestTenant tenant, string path)
    {
        using var answer = await tenant.Http.GetAsync(path);
        return await answer.Json(200);
    }

    static async Task<string> UserId(TestPerson person) =>
        (await person.Http.GetFromJsonAsync<JsonElement>("/v1/me")).GetProperty("user").GetProperty("id").GetString()!;
}
