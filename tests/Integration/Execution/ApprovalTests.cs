using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>People who decide: who may, that one decision counts, and what the run makes of it.</summary>
[TestFixture]
public sealed class ApprovalTests
{
    [Test]
    public async Task The_assignee_approves_with_an_edited_payload_and_the_run_goes_on_with_it()
    {
        var tenant = await TestApp.NewTenant();
        var (assignee, other) = (await tenant.Member("developer"), await tenant.Member("developer"));
        var (run, approval) = await Asked(tenant, $", \"assignee\": \"{await UserId(assignee)}\"");

        await other.Http.Refused($"/v1/approvals/{approval}/approve", 403, "not_assigned");
        var decided = await assignee.Http.Post($"/v1/approvals/{approval}/approve", """{ "comment": "A little more.", "payload": { "amount": 12 } }""", expected: 200);

        Assert.That((decided.GetProperty("status").GetString(), decided.GetProperty("decided_by").GetString()), Is.EqualTo(("approved", await UserId(assignee))));
        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"amount":12}"""));
        await assignee.Http.Refused($"/v1/approvals/{approval}/reject", 409, "approval_decided");
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("approval.approved"));
    }

    [Test]
    public async Task A_member_of_the_team_decides()
    {
        var tenant = await TestApp.NewTenant();
        var (inside, outside) = (await tenant.Member("developer"), await tenant.Member("developer"));
        var team = await tenant.Http.Post("/v1/teams", """{ "slug": "finance", "name": "Finance" }""", expected: 201);
        using (var joined = await tenant.Http.PutAsync($"/v1/teams/{team.GetProperty("id").GetGuid()}/members/{await UserId(inside)}", Runs.Json("{}")))
        {
            await joined.Json(200);
        }

        var (run, approval) = await Asked(tenant, ", \"team\": \"finance\"");
        Assert.That((await Mine(inside.Http), await Mine(outside.Http)), Is.EqualTo((1, 0)));
        await outside.Http.Refused($"/v1/approvals/{approval}/reject", 403, "not_assigned");
        await inside.Http.Post($"/v1/approvals/{approval}/reject", """{ "comment": "Too much." }""", expected: 200);

        var view = await tenant.Http.Drain(run);
        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo(("failed", "rejected")));
    }

    [Test]
    public async Task What_is_assigned_to_nobody_is_for_admins_and_owners()
    {
        var tenant = await TestApp.NewTenant();
        var (developer, admin) = (await tenant.Member("developer"), await tenant.Member("admin"));
        var (_, approval) = await Asked(tenant);

        await developer.Http.Refused($"/v1/approvals/{approval}/approve", 403, "not_assigned");
        await admin.Http.Post($"/v1/approvals/{approval}/approve", expected: 200);
    }

    [Test]
    public async Task Of_many_decisions_one_counts()
    {
        var tenant = await TestApp.NewTenant();
        for (var round = 0; round < 10; round++)
        {
            var (run, approval) = await Asked(tenant);

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => tenant.Http.PostAsync($"/v1/approvals/{approval}/{(i % 2 == 0 ? "approve" : "reject")}", null)));

            Assert.That(answers.Select(answer => (int)answer.StatusCode).Order(), Is.EqualTo([200, .. Enumerable.Repeat(409, 7)]));
            var winner = await answers.Single(answer => answer.IsSuccessStatusCode).Json(200);
            var end = (await tenant.Http.Drain(run)).GetProperty("status").GetString();
            Assert.That(end, Is.EqualTo(winner.GetProperty("status").GetString() == "approved" ? "succeeded" : "failed"));
        }
    }

    [Test]
    public async Task What_nobody_decides_in_time_expires()
    {
        var tenant = await TestApp.NewTenant();
        var (run, approval) = await Asked(tenant, ", \"expires_in\": \"300ms\"");

        var view = await tenant.Http.Drain(run);

        Assert.That(view.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("expired"));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals/{approval}")).GetProperty("status").GetString(), Is.EqualTo("expired"));
        await tenant.Http.Refused($"/v1/approvals/{approval}/approve", 409, "approval_decided");
    }

    [Test]
    public async Task An_approval_expires_also_while_its_run_is_paused()
    {
        var tenant = await TestApp.NewTenant();
        var (run, approval) = await Asked(tenant, ", \"expires_in\": \"500ms\"");
        await tenant.Http.Post($"/v1/runs/{run}/pause");

        var status = await Eventually.Get(
            async () => (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals/{approval}")).GetProperty("status").GetString(), now => now != "pending");

        Assert.That((status, await tenant.Http.Status(run)), Is.EqualTo(("expired", "paused")));
    }

    [Test]
    public async Task The_end_of_a_run_takes_its_request_back()
    {
        var tenant = await TestApp.NewTenant();
        var (run, approval) = await Asked(tenant);

        await tenant.Http.Post($"/v1/runs/{run}/cancel");

        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals/{approval}")).GetProperty("status").GetString(), Is.EqualTo("canceled"));
        await tenant.Http.Refused($"/v1/approvals/{approval}/approve", 409, "approval_decided");
    }

    [Test]
    public async Task Lists_are_filtered_and_other_tenants_see_none_of_it()
    {
        var tenant = await TestApp.NewTenant();
        var (run, approval) = await Asked(tenant);
        var stranger = await TestApp.NewTenant();

        Assert.That(await Count(tenant.Http, $"status=pending&run={run}"), Is.EqualTo(1));
        Assert.That(await Count(tenant.Http, "status=approved"), Is.Zero);
        Assert.That(await Count(stranger.Http, $"run={run}"), Is.Zero);
        await stranger.Http.Refused($"/v1/approvals/{approval}/approve", 404, "approval_not_found");
        await tenant.Http.Refused($"/v1/approvals/{approval}/reject", 422, "invalid", $$"""{ "comment": "{{new string('x', 4001)}}" }""");
    }

    static async Task<(Guid Run, Guid Approval)> Asked(TestTenant tenant, string more = "")
    {
        var run = await tenant.Http.Start(await tenant.Http.Agent($$"""
            { "nodes": [{ "id": "ask", "skill": "approval", "with": { "title": "Pay?", "payload": { "amount": 10 }{{more}} } }], "output": "=ask.payload" }
            """));
        var pending = await Eventually.Get(
            () => tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={run}"), page => page.GetProperty("items").GetArrayLength() == 1);
        return (run, pending.GetProperty("items")[0].GetProperty("id").GetGuid());
    }

    static async Task<string> UserId(TestPerson person) =>
        (await person.Http.GetFromJsonAsync<JsonElement>("/v1/me")).GetProperty("user").GetProperty("id").GetString()!;

    static Task<int> Mine(HttpClient http) => Count(http, "mine=true");

    static async Task<int> Count(HttpClient http, string query) =>
        (await http.GetFromJsonAsync<JsonElement>($"/v1/approvals?{query}")).GetProperty("items").GetArrayLength();
}
