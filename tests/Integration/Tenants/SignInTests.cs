using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class SignInTests
{
    [Test]
    public async Task Signing_up_signs_in_as_owner()
    {
        var tenant = await TestApp.NewTenant();
        var me = await (await tenant.Http.GetAsync("/v1/me")).Json(200);

        Assert.That(me.GetProperty("tenant").GetProperty("slug").GetString(), Is.EqualTo(tenant.Slug));
        Assert.That(me.GetProperty("role").GetString(), Is.EqualTo("owner"));
        Assert.That(me.GetProperty("permissions")[0].GetString(), Is.EqualTo("*"));
        Assert.That(me.GetProperty("tenants").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_sign_up_with_the_address_or_the_slug_is_refused_and_leaves_nothing()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        var slug = $"t-{Guid.CreateVersion7():n}";

        await (await SignUp(http, $"OWNER@{tenant.Slug}.example", slug)).Problem(409, "email_taken");
        await (await SignUp(http, $"other@{slug}.example", tenant.Slug)).Problem(409, "slug_taken");
        await (await SignUp(http, $"other@{slug}.example", slug)).Json(201);
    }

    [Test]
    public async Task Every_fault_of_a_sign_up_is_named_at_once()
    {
        using var http = (await TestApp.Shared()).Anonymous();
        using var answer = await http.PostAsJsonAsync("/v1/signup", new { email = "nobody", password = "password1", name = " ", tenant = new { name = "T", slug = "No Slug" } });
        var problem = await answer.Problem(422, "invalid");

        Assert.That(problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()),
            Is.EquivalentTo(new[] { "/email", "/password", "/name", "/tenant/slug" }));
    }

    [Test]
    public async Task The_cookie_is_hidden_from_scripts_and_no_token_is_in_the_answer()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        using var answer = await Login(http, $"owner@{tenant.Slug}.example");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        var token = cookie.Split('=', ';')[1];

        Assert.That(cookie, Does.Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain(token));
    }

    [Test]
    public async Task A_wrong_password_and_an_unknown_address_answer_alike()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        using var wrong = await Login(http, $"owner@{tenant.Slug}.example", "not the password");
        using var unknown = await Login(http, $"nobody@{tenant.Slug}.example", "not the password");

        await wrong.Problem(401, "invalid_credentials");
        Assert.That(await unknown.Content.ReadAsStringAsync(), Is.EqualTo(await wrong.Content.ReadAsStringAsync()));
    }

    [Test]
    public async Task Logging_out_ends_the_session_at_once()
    {
        var tenant = await TestApp.NewTenant();
        using var thief = tenant.App.Anonymous();
        thief.DefaultRequestHeaders.Add("Cookie", tenant.Owner.Cookies.GetCookieHeader(tenant.App.Address));
        await (await thief.GetAsync("/v1/me")).Json(200);

        await (await tenant.Http.PostAsync("/v1/logout", null)).Json(204);

        await (await thief.GetAsync("/v1/me")).Problem(401, "not_authenticated");
    }

    [Test]
    public async Task An_unsafe_request_with_the_cookie_alone_is_refused()
    {
        var tenant = await TestApp.NewTenant();
        using var forger = tenant.App.Anonymous();
        forger.DefaultRequestHeaders.Add("Cookie", tenant.Owner.Cookies.GetCookieHeader(tenant.App.Address));

        await (await forger.PatchAsJsonAsync("/v1/tenant", new { name = "Taken over" })).Problem(403, "csrf");
        forger.DefaultRequestHeaders.Add("X-CSRF-Token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await (await forger.PatchAsJsonAsync("/v1/tenant", new { name = "Taken over" })).Problem(403, "csrf");
        await (await forger.GetAsync("/v1/tenant")).Json(200);
    }

    [Test]
    public async Task A_new_password_ends_the_other_sessions_and_only_those()
    {
        var tenant = await TestApp.NewTenant();
        using var elsewhere = new TestPerson(tenant.App);
        await (await Login(elsewhere.Http, $"owner@{tenant.Slug}.example")).Json(200);

        await (await tenant.Http.PostAsJsonAsync("/v1/me/password", new { current_password = "wrong", new_password = "another quiet staple" })).Problem(422, "invalid");
        await (await tenant.Http.PostAsJsonAsync("/v1/me/password", new { current_password = TestPerson.Password, new_password = "another quiet staple" })).Json(204);

        await (await elsewhere.Http.GetAsync("/v1/me")).Problem(401, "not_authenticated");
        await (await tenant.Http.GetAsync("/v1/me")).Json(200);
        using var http = tenant.App.Anonymous();
        await (await Login(http, $"owner@{tenant.Slug}.example")).Problem(401, "invalid_credentials");
        await (await Login(http, $"owner@{tenant.Slug}.example", "another quiet staple")).Json(200);
    }

    [Test]
    public async Task A_parallel_flood_gets_ten_checks_and_the_owner_works_on()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        var known = await Flood(http, $"owner@{tenant.Slug}.example");
        var unknown = await Flood(http, $"nobody@{tenant.Slug}.example");

        Assert.That(known.Count(status => status == 401), Is.EqualTo(10));
        Assert.That(known.Count(status => status == 429), Is.EqualTo(30));
        Assert.That(unknown.Count(status => status == 401), Is.EqualTo(10));
        using var locked = await Login(http, $"owner@{tenant.Slug}.example");
        await locked.Problem(429, "too_many_attempts");
        Assert.That(locked.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromMinutes(15)));
        await (await tenant.Http.GetAsync("/v1/me")).Json(200);
    }

    [Test]
    public async Task A_person_switches_between_tenants_with_a_new_session_each_time()
    {
        var (first, second) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var old = second.Owner.Cookies.GetCookieHeader(second.App.Address);
        using var invited = await first.Http.PostAsJsonAsync("/v1/invitations", new { email = $"owner@{second.Slug}.example", role = "viewer" });
        var token = (await invited.Json(201)).GetProperty("token").GetString();

        using var accepted = await second.Http.PostAsJsonAsync("/v1/invitations/accept", new { token });
        var there = await accepted.Json(200);
        second.Owner.Accept(there);

        Assert.That(there.GetProperty("tenant").GetProperty("slug").GetString(), Is.EqualTo(first.Slug));
        Assert.That(there.GetProperty("role").GetString(), Is.EqualTo("viewer"));
        await (await second.Http.PatchAsJsonAsync("/v1/tenant", new { name = "Mine now" })).Problem(403, "forbidden");
        using var replay = second.App.Anonymous();
        replay.DefaultRequestHeaders.Add("Cookie", old);
        await (await replay.GetAsync("/v1/me")).Problem(401, "not_authenticated");

        using var back = await second.Http.PostAsJsonAsync("/v1/me/tenant", new { slug = second.Slug });
        var home = await back.Json(200);
        second.Owner.Accept(home);
        Assert.That(home.GetProperty("role").GetString(), Is.EqualTo("owner"));
        await (await second.Http.PostAsJsonAsync("/v1/me/tenant", new { slug = (await TestApp.NewTenant()).Slug })).Problem(404, "tenant_not_found");
    }

    static async Task<IReadOnlyList<int>> Flood(HttpClient http, string email) => await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
    {
        using var answer = await Login(http, email, "not the password");
        return (int)answer.StatusCode;
    }));

    static Task<HttpResponseMessage> Login(HttpClient http, string email, string password = TestPerson.Password) =>
        http.PostAsJsonAsync("/v1/login", new { email, password });

    static Task<HttpResponseMessage> SignUp(HttpClient http, string email, string slug) =>
        http.PostAsJsonAsync("/v1/signup", new { email, password = TestPerson.Password, name = "Sam Second", tenant = new { name = "Second", slug } });
}
