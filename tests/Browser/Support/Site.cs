using AgentPlatform.Integration.Support;

namespace AgentPlatform.Browser.Support;

/// <summary>The real server over an empty database, with the web app as it is built: one for all tests, each of which brings a tenant.</summary>
static class Site
{
    static readonly Once<TestApp> App = new(Start);

    public static Task<TestApp> Running() => App.Value();

    public static async Task<TestTenant> NewTenant() => await (await Running()).Tenant();

    public static async Task Stop()
    {
        if (App.HasStarted)
        {
            await (await Running()).DisposeAsync();
        }
    }

    static async Task<TestApp> Start()
    {
        var files = Path.Combine(Repository.Root, "web", "dist");
        Assert.That(Path.Combine(files, "index.html"), Does.Exist, "The web app is not built: './build.sh web' builds it.");
        return await TestApp.Start(new Dictionary<string, string?> { ["Web:Root"] = files });
    }
}
