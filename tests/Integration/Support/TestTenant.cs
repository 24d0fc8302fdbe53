using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace AgentPlatform.Integration.Support;

/// <summary>A tenant of the test's own.</summary>
public sealed record TestTenant(TestApp App, TestPerson Owner, Guid Id, string Slug)
{
    /// <summary>The owner's browser.</summary>
    public HttpClient Http => Owner.Http;

    /// <summary>A program that holds an API key of the owner with these scopes.</summary>
    public async Task<HttpClient> ApiKey(params string[] scopes)
    {
        using var answer = await Http.PostAsJsonAsync("/v1/api-keys", new { name = "test", scopes });
        var body = await answer.Json(expected: 201);
        var http = App.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("key").GetString());
        return http;
    }

    /// <summary>Another person of the tenant, invited with this role and signed in.</summary>
    public async Task<TestPerson> Member(string role)
    {
        using var invited = await Http.PostAsJsonAsync("/v1/invitations", new { email = $"{role}-{Guid.CreateVersion7():n}@{Slug}.example", role });
        var token = (await invited.Json(expected: 201)).GetProperty("token").GetString();
        var person = new TestPerson(App);
        using var accepted = await person.Http.PostAsJsonAsync("/v1/invitations/accept", new { token, name = $"Member {role}", password = TestPerson.Password });
        person.Accept(await accepted.Json(expected: 200));
        return person;
    }
}
