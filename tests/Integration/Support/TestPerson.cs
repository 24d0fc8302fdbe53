using System.Net;
using System.Text.Json;

namespace AgentPlatform.Integration.Support;

/// <summary>Somebody with a browser: cookies are kept, and the CSRF token goes with every request.</summary>
public sealed class TestPerson : IDisposable
{
    public const string Password = "correct horse battery staple";

    readonly HttpClientHandler handler = new() { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };

    public TestPerson(TestApp app) => Http = new HttpClient(handler) { BaseAddress = app.Address };

    public HttpClient Http { get; }

    public CookieContainer Cookies => handler.CookieContainer;

    /// <summary>Takes the CSRF token from an answer to sign-up, login or a switch of tenants.</summary>
    public void Accept(JsonElement signedIn)
    {
        Http.DefaultRequestHeaders.Remove("X-CSRF-Token");
        Http.DefaultRequestHeaders.Add("X-CSRF-Token", signedIn.GetProperty("csrf_token").GetString());
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }
}
