using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class SessionTests
{
    [Test]
    public async Task A_person_sees_where_they_are_signed_in_and_ends_one_of_them_at_once()
    {
        var tenant = await TestApp.NewTenant();
        using var phone = new TestPerson(tenant.App);
        phone.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        using (var signedIn = await phone.Http.PostAsJsonAsync("/v1/login", new { email = $"owner@{tenant.Slug}.example", password = TestPerson.Password }))
        {
            phone.Accept(await signedIn.Json(200));
        }

        var listed = await List(tenant.Http);
        Assert.That(listed.Select(session => session.GetProperty("is_current").GetBoolean()), Is.EqualTo([false, true]), "the newest first");
        Assert.That(listed[0].GetProperty("user_agent").GetString(), Is.EqualTo("Phone/1.0"));
        Assert.That(listed[0].GetProperty("tenant").GetString(), Is.EqualTo(tenant.Slug));
        Assert.That(listed[0].GetRawText(), Does.Not.Contain("token"));

        var lost = $"/v1/me/sessions/{listed[0].GetProperty("id").GetString()}";
        await (await tenant.Http.DeleteAsync(lost)).Json(204);

        await (await phone.Http.GetAsync("/v1/me")).Problem(401, "not_authenticated");
        Assert.That(await List(tenant.Http), Has.Count.EqualTo(1));
        await (await tenant.Http.DeleteAsync(lost)).Problem(404, "session_not_found");
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Owner, "select count(*) from tenants.audit_logs where tenant_id = $1 and action = 'session.ended'", tenant.Id), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_neither_sees_sessions_nor_ends_them()
    {
        var tenant = await TestApp.NewTenant();
        var session = (await List(tenant.Http)).Single().GetProperty("id").GetString();
        using var key = await tenant.ApiKey("*");

        await (await key.GetAsync("/v1/me/sessions")).Problem(403, "session_required");
        await (await key.DeleteAsync($"/v1/me/sessions/{session}")).Problem(403, "session_required");
    }

    [Test]
    public async Task Another_person_of_the_tenant_has_sessions_of_their_own()
    {
        var tenant = await TestApp.NewTenant();
        using var member = await tenant.Member("admin");
        var mine = (await List(tenant.Http)).Single().GetProperty("id").GetString();

        Assert.That((await List(member.Http)).Select(session => session.GetProperty("id").GetString()), Does.Not.Contain(mine));
        await (await member.Http.DeleteAsync($"/v1/me/sessions/{mine}")).Problem(404, "session_not_found");
    }

    static async Task<List<JsonElement>> List(HttpClient http)
    {
        using var answer = await http.GetAsync("/v1/me/sessions");
        return [.. (await answer.Json(200)).GetProperty("items").EnumerateArray()];
    }
}
