using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Shared;

/// <summary>A server with a web app of four files, and a browser's way of asking for an address.</summary>
static class WebAppSite
{
    const string Page = """<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><div id="root"></div>""";

    static readonly Once<TestApp> App = new(Start);

    public static async Task<HttpClient> Client() => (await App.Value()).Anonymous();

    public static async Task<HttpResponseMessage> Browse(string path)
    {
        using var http = await Client();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        return await http.GetAsync(path);
    }

    public static async Task Stop()
    {
        if (App.HasStarted)
        {
            await (await App.Value()).DisposeAsync();
        }
    }

    static async Task<TestApp> Start()
    {
        var files = Directory.CreateTempSubdirectory("agentplatform-web-").FullName;
        Directory.CreateDirectory(Path.Combine(files, "assets"));
        foreach (var (name, text) in new[] { ("index.html", Page), ("theme.js", "theme"), ("assets/main-abc123.js", "plain"), ("assets/main-abc123.js.br", "compressed") })
        {
            await File.WriteAllTextAsync(Path.Combine(files, name), text);
        }

        return await TestApp.Start(new Dictionary<string, string?> { ["Web:Root"] = files });
    }
}
