using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Security.Cryptography;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>The skills <c>speech</c> and <c>image</c>, in runs.</summary>
public sealed class MediaSkillTests
{
    const string Draw = """{ "nodes": [{ "id": "draw", "skill": "image", "with": { "prompt": "A red house.", "aspect_ratio": "16:9" } }], "output": "=draw" }""";

    [Test]
    public async Task Speaks_without_any_network_and_always_the_same()
    {
        var tenant = await TestApp.NewTenant();
        const string Graph = """{ "nodes": [{ "id": "say", "skill": "speech", "with": { "text": "=input.text" } }], "output": "=say" }""";
        var agent = await Runs.Agent(tenant.Http, Graph);
        var output = (await tenant.Http.Run(agent, """{ "input": { "text": "Hello there" } }""")).GetProperty("output");
        var again = (await tenant.Http.Run(agent, """{ "input": { "text": "Hello there" } }""")).GetProperty("output");
        var wave = Convert.FromBase64String(output.GetProperty("audio").Text("base64")!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((output.GetProperty("audio").Text("media_type"), output.Text("model"), output.GetProperty("simulated").GetBoolean()), Is.EqualTo(("audio/wav", "sandbox/speech", true)));
            Assert.That((BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(4)) + 8, BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(40)) + 44, output.GetProperty("bytes").GetInt32()), Is.EqualTo((wave.Length, wave.Length, wave.Length)));
            Assert.That(output.GetProperty("usage").GetProperty("units").GetInt32(), Is.EqualTo("Hello there".Length));
            Assert.That(again.GetRawText(), Is.EqualTo(output.GetRawText()));
        }
    }

    [Test]
    public async Task Draws_a_picture_that_programs_can_read()
    {
        var tenant = await TestApp.NewTenant();
        var output = (await tenant.Http.RunOnce(Draw)).GetProperty("output");
        var png = Convert.FromBase64String(output.GetProperty("image").Text("base64")!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((output.GetProperty("image").Text("media_type"), output.Text("model"), output.GetProperty("usage").GetProperty("units").GetInt32()), Is.EqualTo(("image/png", "sandbox/image", 1)));
            Assert.That((BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))), Is.EqualTo((128, 72)), "16:9");
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(png)), Is.EqualTo("3cc4d5557dc40782a956a3b88576775a42943337ecbc4add80a22bfc75af7d69"), "as another program writes it too");
        }
    }

    [Test]
    public async Task Hands_a_picture_on_to_a_model_that_looks_at_it()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce("""
            { "nodes": [
                { "id": "draw", "skill": "image", "with": { "prompt": "A red house." } },
                { "id": "look", "skill": "llm", "with": { "model": "sandbox/echo", "prompt": "What is it?", "images": ["=draw.image"] } } ],
              "edges": [{ "from": "draw", "to": "look" }], "output": "=look.text" }
            """);
        Assert.That(run.GetProperty("output").GetString(), Does.EndWith("(with images: 1)"), run.GetRawText());
    }

    [Test]
    public async Task Books_what_was_made_for_the_run()
    {
        await using var vendor = await FakeVendor.Giving([.. "ID3"u8, .. new byte[64]], "audio/mpeg");
        var tenant = await VendorWorld.Tenant(vendor, "elevenlabs");
        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "say", "skill": "speech", "with": { "model": "elevenlabs/flash-v2.5", "text": "Hello" } }], "output": "=say.usage" }""");
        using var answer = await tenant.Http.GetAsync($"/v1/usage/ledger?run_id={run.Text("id")}");
        var entry = (await answer.Json(200)).GetProperty("items").EnumerateArray().Single();
        Assert.That((entry.Text("service"), entry.GetProperty("units").GetInt64(), entry.GetProperty("cost_micros").GetInt64()), Is.EqualTo(("elevenlabs/flash-v2.5", 5L, 250L)));
        Assert.That(run.GetProperty("output").GetProperty("cost_micros").GetInt64(), Is.EqualTo(250));
    }

    [Test]
    public async Task Makes_nothing_that_a_budget_has_no_room_for()
    {
        await using var vendor = await FakeVendor.Giving([0xFF, 0xD8, 0xFF, .. new byte[64]], "image/jpeg");
        var tenant = await VendorWorld.Tenant(vendor, "stability");
        using var budget = await tenant.Http.PostAsJsonAsync("/v1/budgets", new { name = "Pictures", scope = "tenant", limit_micros = 70_000 });
        await budget.Json(201);
        var agent = await Runs.Agent(tenant.Http, """{ "nodes": [{ "id": "draw", "skill": "image", "with": { "model": "stability/core", "prompt": "A house." } }], "output": "=draw.bytes" }""");
        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => tenant.Http.Run(agent)));
        var made = runs.Count(run => run.Text("status") == "succeeded");
        Assert.That((made, vendor.Calls), Is.EqualTo((2, 2)), "Each costs 30 000.");
        Assert.That(runs.Where(run => run.Text("status") != "succeeded").Select(run => run.GetProperty("error").Text("code")), Is.All.EqualTo("budget_exceeded"));
    }

    [TestCase("speech", """{ "text": "Hi", "format": "=input.x" }""", "\"exe\"")]
    [TestCase("speech", """{ "text": "Hi", "voice": "=input.x" }""", "\"../x\"")]
    [TestCase("speech", """{ "text": "=input.x" }""", "\"\"")]
    [TestCase("image", """{ "prompt": "Hi", "aspect_ratio": "=input.x" }""", "\"1:1000000\"")]
    [TestCase("image", """{ "prompt": "Hi", "seed": "=input.x" }""", "-1")]
    public async Task Refuses_what_does_not_fit_its_schema(string skill, string with, string x)
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Runs.Agent(tenant.Http, $$"""{ "nodes": [{ "id": "make", "skill": "{{skill}}", "with": {{with}} }] }""");
        Assert.That((await tenant.Http.Run(agent, $$"""{ "input": { "x": {{x}} } }""")).GetProperty("error").Text("code"), Is.EqualTo("invalid_with"));
    }
}
