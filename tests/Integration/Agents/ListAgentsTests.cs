using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class ListAgentsTests
{
    [Test]
    public async Task Finds_by_text_tag_status_and_skill()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("invoice-reader", AgentSamples.Fetch, name: "Reads 100% of invoices", tags: ["finance"]);
        await tenant.Http.Agent("greeter", name: "Says hello", tags: ["demo", "greeting"]);
        await tenant.Http.Agent("sleeper", name: "Sleeps all day");
        await tenant.Http.Post("/v1/agents/sleeper/deactivate", null, 200);

        Assert.That(await Find("q=INVOICE"), Is.EqualTo(new[] { "invoice-reader" }));
        Assert.That(await Find("q=100%25"), Is.EqualTo(new[] { "invoice-reader" }));
        Assert.That(await Find("q=%25"), Is.EqualTo(new[] { "invoice-reader" }), "a wildcard is taken as itself");
        Assert.That(await Find("q=_"), Is.Empty);
        Assert.That(await Find("q=greeting"), Is.EqualTo(new[] { "greeter" }), "a tag is text as well");
        Assert.That(await Find("tag=finance"), Is.EqualTo(new[] { "invoice-reader" }));
        Assert.That(await Find("status=inactive"), Is.EqualTo(new[] { "sleeper" }));
        Assert.That(await Find("uses_skill=http_request"), Is.EqualTo(new[] { "invoice-reader" }));
        Assert.That(await Find("uses_skill=transform"), Is.EqualTo(new[] { "sleeper", "greeter", "invoice-reader" }));
        Assert.That(await Find("uses_skill=llm"), Is.Empty);

        async Task<string[]> Find(string query) => (await tenant.Http.Get($"/v1/agents?{query}")).Slugs();
    }

    [Test]
    public async Task Goes_on_where_the_last_page_ended()
    {
        var tenant = await TestApp.NewTenant();
        foreach (var slug in new[] { "a", "b", "c", "d", "e" })
        {
            await tenant.Http.Agent(slug);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await tenant.Http.Get($"/v1/agents?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Slugs());
            cursor = page.Text("next_cursor");
        }
        while (cursor is not null);

        Assert.That(seen, Is.EqualTo(new[] { "e", "d", "c", "b", "a" }));
    }

    [Test]
    public async Task Refuses_what_no_list_takes()
    {
        var tenant = await TestApp.NewTenant();
        var other = await TestApp.NewTenant();
        foreach (var slug in new[] { "a", "b" })
        {
            await other.Http.Agent(slug);
        }

        var foreign = (await other.Http.Get("/v1/agents?limit=1")).Text("next_cursor");
        foreach (var cursor in new[] { foreign, "garbage", "%21%21" })
        {
            using var answer = await tenant.Http.GetAsync($"/v1/agents?cursor={cursor}");
            await answer.Problem(400, "invalid_cursor");
        }

        foreach (var (query, pointer) in new[] { ("limit=0", "/limit"), ("limit=201", "/limit"), ("status=sleepy", "/status"), ("kind=robot", "/kind"), ("q=%00", "/q"), ("tag=", "/tag") })
        {
            using var answer = await tenant.Http.GetAsync($"/v1/agents?{query}");
            Assert.That((await answer.Problem(422, "invalid")).Faults().Select(f => f.Pointer), Is.EqualTo(new[] { pointer }), query);
        }
    }

    [Test]
    public async Task Lists_the_catalogue_of_features()
    {
        var tenant = await TestApp.NewTenant();
        var ids = (await tenant.Http.Get("/v1/features")).GetProperty("items").EnumerateArray().Select(f => f.Text("id")).ToArray();
        Assert.That(ids, Is.EquivalentTo(new[]
        {
            "brainstorming", "daily_qa", "coding", "mcp", "news_search", "tts_stt", "image_generation", "analysis", "writing", "research", "translation",
        }));
    }
}
