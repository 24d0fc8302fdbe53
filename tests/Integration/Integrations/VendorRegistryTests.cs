using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Vendors are data: what is listed, and how an operator adds to it while the program runs.</summary>
public sealed class VendorRegistryTests
{
    const string File = """
        vendors:
          - id: acme
            name: Acme
            description: A vendor that nobody knew when the program was built.
            auth_type: none
            protocol: openai
            base_url: "BASE"
        services:
          - id: acme/one
            service_name: one-2026
            display_name: Acme One
            modality: chat
            context_window: 1000
            capabilities: { json: true }
        prices:
          - { service_id: acme/one, valid_from: "2026-01-01T00:00:00Z", input_micros_per_mtok: 1000000, output_micros_per_mtok: 2000000 }
        """;

    [Test]
    public async Task Lists_vendors_services_and_the_prices_in_force()
    {
        var tenant = await TestApp.NewTenant();
        var vendors = (await tenant.Http.Get("/v1/vendors")).GetProperty("items").EnumerateArray().ToList();
        Assert.That(vendors.Select(vendor => vendor.Text("id")), Is.SupersetOf(new[]
        {
            "openai", "anthropic", "google", "azure_openai", "replicate", "together", "elevenlabs", "stability", "cohere", "huggingface", "perplexity", "sandbox",
        }));

        var services = (await tenant.Http.Get("/v1/vendors/anthropic/services?modality=chat")).GetProperty("items").EnumerateArray().ToList();
        var haiku = services.Single(service => service.Text("id") == "anthropic/claude-haiku");
        Assert.Multiple(() =>
        {
            Assert.That(haiku.GetProperty("prices").EnumerateArray().Select(price => price.GetProperty("from_prompt_tokens").GetInt64()), Is.EqualTo([0, 100_001]));
            Assert.That(services.Single(service => service.Text("id") == "anthropic/claude-sonnet").GetProperty("prices")[0].GetProperty("cached_input_micros_per_mtok").GetInt64(), Is.EqualTo(100_000));
            Assert.That(vendors.Sum(vendor => vendor.GetProperty("services").GetInt32()), Is.GreaterThan(30));
        });
        await (await tenant.Http.GetAsync("/v1/vendors/nobody/services")).Problem(404, "vendor_not_found");
    }

    [Test]
    public async Task Takes_a_new_vendor_while_it_runs()
    {
        await using var vendor = await FakeVendor.Saying("""{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""");
        await using var app = await TestApp.Start();
        var tenant = await app.Tenant();
        const string Graph = """{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "acme/one", "prompt": "Hi" } }] }""";
        Assert.That((await tenant.Http.RunOnce(Graph)).GetProperty("error").Text("code"), Is.EqualTo("model_unknown"));

        var applied = await Read(File.Replace("BASE", vendor.Url)).Apply(app.Database.Owner, CancellationToken.None);
        Assert.That((applied.Refusal, applied.Vendors, applied.Services, applied.Prices), Is.EqualTo(((string?)null, 1, 1, 1)));
        var run = await Eventually.Get(() => tenant.Http.RunOnce(Graph), run => run.Text("status") == "succeeded");
        Assert.That(run.GetProperty("output").GetProperty("usage").GetProperty("cost_micros").GetInt64(), Is.EqualTo(3 + 2), run.GetRawText());
        Assert.That(vendor.Questions.Last().Headers.ContainsKey("authorization"), Is.False);
    }

    [Test]
    public async Task Never_changes_a_price_and_says_what_is_wrong_with_a_file()
    {
        var database = await PostgresFixture.NewDatabase();
        await Read(File.Replace("BASE", "https://acme.example")).Apply(database.Owner, CancellationToken.None);
        var again = await Read(File.Replace("BASE", "https://acme.example").Replace("Acme One", "Acme 1")).Apply(database.Owner, CancellationToken.None);
        var cheaper = await Read(File.Replace("BASE", "https://acme.example").Replace(": 2000000", ": 1000000")).Apply(database.Owner, CancellationToken.None);
        var orphan = await Read("""{ "services": [{ "id": "nobody/x", "service_name": "x", "display_name": "X", "modality": "chat" }] }""").Apply(database.Owner, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That((again.Refusal, again.Prices), Is.EqualTo(((string?)null, 0)));
            Assert.That(cheaper.Refusal, Does.Contain("acme/one has another price"));
            Assert.That(orphan.Refusal, Does.Contain("belongs to a vendor"));
            Assert.That(VendorFile.TryRead(File.Replace("protocol: openai", "protocol: soap"), out _, out var problem), Is.False);
            Assert.That(problem, Does.StartWith("/vendors/0/protocol"));
        });
    }

    [Test]
    public async Task Embeds_texts_with_the_sandbox_and_with_a_vendor()
    {
        await using var vendor = await FakeVendor.Saying("""{"object":"list","data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[0.5,-1e-3]}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}""");
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        var embeddings = (await VendorWorld.Running()).Services.GetRequiredService<IEmbeddings>();
        var near = (await embeddings.Embed(new EmbeddingQuestion(tenant.Id, "sandbox/embed", ["red apple pie", "apple pie", "stock market"]), CancellationToken.None)).Vectors!;
        var made = await embeddings.Embed(new EmbeddingQuestion(tenant.Id, "openai/text-embedding-3-small", ["a", "b"], Dimensions: 2), CancellationToken.None);
        var few = await embeddings.Embed(new EmbeddingQuestion(tenant.Id, "openai/text-embedding-3-small", ["a", "b", "c"]), CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(Cosine(near[0].Vector, near[1].Vector), Is.GreaterThan(Cosine(near[0].Vector, near[2].Vector)));
            Assert.That(made.Vectors!.Select(vector => vector.Vector.ToArray()), Is.EqualTo(new[] { new[] { 0.5f, -1e-3f }, [0f, 1f] }));
            Assert.That((made.Usage[0].TokensPrompt, made.Usage[0].CostMicros, made.Usage[0].IsEstimated), Is.EqualTo((8, 1, false)), "never nothing for something");
            Assert.That(few.Error?.Code, Is.EqualTo("vendor_answer_invalid"));
            Assert.That(vendor.Questions.First().Body.GetRawText(), Is.EqualTo("""{"model":"text-embedding-3-small","input":["a","b"],"encoding_format":"float","dimensions":2}"""));
        });
    }

    static VendorFile Read(string yaml) => VendorFile.TryRead(yaml, out var file, out var problem) ? file! : throw new InvalidOperationException(problem);

    static float Cosine(ReadOnlyMemory<float> a, ReadOnlyMemory<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a.Span[i] * b.Span[i];
        }

        return sum;
    }
}
