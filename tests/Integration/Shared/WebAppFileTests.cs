using System.Net.Http.Headers;

namespace AgentPlatform.Integration.Shared;

/// <summary>The web app's files are kept by browsers as long as they stay the same, and sent compressed to who takes that.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class WebAppFileTests
{
    [Test]
    public async Task Files_with_a_hash_in_their_name_are_kept_for_good_and_the_others_are_asked_for_again()
    {
        using var http = await WebAppSite.Client();
        using var hashed = await http.GetAsync("/assets/main-abc123.js");
        using var plain = await http.GetAsync("/theme.js");

        Assert.That(hashed.Headers.CacheControl!.ToString(), Does.Contain("immutable").And.Contain("max-age=31536000"));
        Assert.That(await hashed.Content.ReadAsStringAsync(), Is.EqualTo("plain"));
        Assert.That(hashed.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(["nosniff"]));
        Assert.That(plain.Headers.CacheControl!.NoCache, Is.True);
    }

    [Test]
    public async Task Who_takes_a_compressed_file_gets_it_under_the_type_of_what_is_in_it()
    {
        using var http = await WebAppSite.Client();
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var answer = await http.GetAsync("/assets/main-abc123.js");

        Assert.That(answer.Content.Headers.ContentEncoding, Is.EqualTo(["br"]));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/javascript"));
        Assert.That(answer.Headers.Vary, Does.Contain("Accept-Encoding"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("compressed"));
    }
}
