using System.Net;
using System.Text.RegularExpressions;

namespace AgentPlatform.Integration.Shared;

/// <summary>The web app comes from the API's origin, and never in place of an answer of the API.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed partial class WebAppPageTests
{
    [TestCase("/")]
    [TestCase("/index.html")]
    [TestCase("/agents/route-lead/diff/1.0.0/1.1.0")]
    [TestCase("/settings/members?x=1")]
    public async Task Every_address_of_the_web_app_is_its_page_with_a_policy_of_its_own(string path)
    {
        using var first = await WebAppSite.Browse(path);
        using var second = await WebAppSite.Browse(path);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(first.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
        Assert.That(first.Headers.CacheControl!.NoStore, Is.True);
        var policy = first.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        var nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.That(await first.Content.ReadAsStringAsync(), Does.Contain($"nonce=\"{nonce}\""));
        Assert.That(second.Headers.GetValues("Content-Security-Policy").Single(), Is.Not.EqualTo(policy));
    }

    [TestCase("/v1/nothing-here")]
    [TestCase("/hooks/nothing")]
    [TestCase("/health/nothing")]
    [TestCase("/openapi/v2.json")]
    [TestCase("/assets/gone-def456.js")]
    public async Task An_unknown_address_of_the_API_stays_unknown_to_a_browser_as_well(string path)
    {
        using var answer = await WebAppSite.Browse(path);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task A_program_that_asks_for_nothing_known_gets_no_page()
    {
        using var http = await WebAppSite.Client();
        using var answer = await http.GetAsync("/settings/members");
        using var wrongMethod = await http.PostAsync("/settings/members", null);
        using var mcp = await WebAppSite.Browse("/mcp");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(wrongMethod.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(mcp.Content.Headers.ContentType?.MediaType, Is.Not.EqualTo("text/html"));
    }

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();
}
