using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>A real OAuth server (npm's <c>oidc-provider</c>, see tests/peers/oauth) in a process of its own, which ends with this one.</summary>
sealed class OAuthPeer : IAsyncDisposable
{
    static readonly Once<string> Installed = new(Install);

    readonly Process process;

    OAuthPeer(Process process, string url, string clientSecret)
    {
        this.process = process;
        Url = url;
        ClientSecret = clientSecret;
    }

    public string Url { get; }

    public string ClientSecret { get; }

    public static async Task<OAuthPeer> Start(TestApp app, string clientAuth = "form")
    {
        var secret = Credentials.Random("client");
        var start = new ProcessStartInfo("node", "server.mjs") { UseShellExecute = false, WorkingDirectory = await Installed.Value(), RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["CLIENT_SECRET"] = secret;
        start.Environment["CLIENT_AUTH"] = clientAuth;
        start.Environment["REDIRECT_URI"] = new Uri(app.Address, "/v1/oauth/callback").ToString();
        var process = Process.Start(start)!;
        // Whatever it says is read: a full pipe would stop it.
        var complaints = process.StandardError.ReadToEndAsync();
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The OAuth server did not start: {await complaints}");
        _ = process.StandardOutput.ReadToEndAsync();
        return new OAuthPeer(process, url, secret);
    }

    /// <summary>The server as an integration of the tenant, and a credential that nobody has consented to yet.</summary>
    public async Task<string> Register(TestTenant tenant, string clientAuth = "form", string loginHint = "ann")
    {
        var host = new Uri(Url).Authority;
        using var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new
        {
            slug = "mail",
            name = "Mail",
            auth_type = "oauth2",
            spec = new
            {
                hosts = new[] { host },
                test = new { url = $"{Url}/mail" },
                oauth = new
                {
                    authorize_url = $"{Url}/auth",
                    token_url = $"{Url}/token",
                    issuer = Url,
                    scopes = new[] { "openid", "offline_access" },
                    parameters = new { prompt = "consent", login_hint = loginHint },
                    client_auth = clientAuth,
                },
            },
        });
        await made.Json(201);
        var credential = await tenant.Http.Credential(new { name = "mail", integration = "mail", secret = new { client_id = "agentplatform", client_secret = ClientSecret } });
        Assert.That(credential.GetProperty("status").GetString(), Is.EqualTo("consent_needed"));
        return credential.GetProperty("id").GetString()!;
    }

    /// <summary>Goes the way of a person's browser, from the address that begins it to wherever it ends.</summary>
    public static async Task<HttpResponseMessage> Consent(TestPerson person, string query = "")
    {
        using var handler = new HttpClientHandler { CookieContainer = person.Cookies };
        using var browser = new HttpClient(handler) { BaseAddress = person.Http.BaseAddress };
        return await browser.GetAsync($"/v1/integrations/mail/authorize{query}");
    }

    public async Task<int> Count(string what)
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<JsonElement>($"{Url}/counts")).GetProperty(what).GetInt32();
    }

    /// <summary>The person withdraws their consent.</summary>
    public async Task Revoke()
    {
        using var http = new HttpClient();
        await http.GetStringAsync($"{Url}/revoke");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    static async Task<string> Install()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "AgentPlatform.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests are not in the repository.");
        }

        var folder = Path.Combine(root.FullName, "tests", "peers", "oauth");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --no-audit --no-fund") { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            Assert.That(npm.ExitCode, Is.Zero, "npm ci failed");
        }

        return folder;
    }
}
