using AgentPlatform.Api;
using AgentPlatform.Api.Http;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Shared;

/// <summary>The API's description is checked in: whoever changes the API sees the change in the diff, and so does the web client's generator.</summary>
public sealed class OpenApiTests
{
    [Test]
    public async Task The_checked_in_description_is_what_the_code_describes()
    {
        await using var platform = Platform.Describe([]);
        await using var described = new StringWriter { NewLine = "\n" };
        await ApiDescription.Write(platform.App, described, CancellationToken.None);
        var checkedIn = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "openapi.json"));

        Assert.That(described.ToString(), Is.EqualTo(checkedIn), "docs/openapi.json is out of date: run ./build.sh docs and commit it.");
    }

    [Test]
    public async Task A_server_answers_the_same_description()
    {
        using var http = (await TestApp.Shared()).Anonymous();
        using var answer = await http.GetAsync("/openapi/v1.json");
        var served = await answer.Json(200);

        Assert.That(served.GetProperty("paths").EnumerateObject().Count(), Is.GreaterThan(40));
    }

    static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentPlatform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
