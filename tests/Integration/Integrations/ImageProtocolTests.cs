using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Images as Stability and OpenAI make them, against recorded shapes.</summary>
public sealed class ImageProtocolTests
{
    const string OpenAiService = """
        services:
          - { id: openai/painter, service_name: painter-1, display_name: Painter, modality: image }
          - { id: openai/old-painter, service_name: old-painter, display_name: Old painter, modality: image, capabilities: { unit: image, response_format: b64_json } }
        prices:
          - { service_id: openai/painter, valid_from: "2026-01-01T00:00:00Z", input_micros_per_mtok: 5000000, output_micros_per_mtok: 40000000 }
          - { service_id: openai/old-painter, valid_from: "2026-01-01T00:00:00Z", unit_micros: 20000 }
        """;

    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, .. new byte[300]];

    [Test]
    public async Task Asks_stability_by_a_form_and_takes_the_image_as_it_comes()
    {
        await using var vendor = await FakeVendor.Start((_, http) =>
        {
            http.Response.Headers["finish-reason"] = "SUCCESS";
            http.Response.Headers["seed"] = "343940597";
            return FakeVendor.Give(http, Jpeg, "image/jpeg");
        });
        var answer = await VendorWorld.Make(VendorWorld.Image(await VendorWorld.Tenant(vendor, "stability")) with { NegativePrompt = "fog", AspectRatio = "16:9", Format = "webp", Style = "low-poly", Seed = 3 });

        var asked = vendor.Questions.Single();
        var usage = answer.Usage.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((answer.Made?.MediaType, answer.Made?.Bytes), Is.EqualTo(("image/jpeg", Jpeg)), answer.Error?.Message);
            Assert.That((asked.Line, asked.Headers["authorization"], asked.Headers["accept"]), Is.EqualTo(("POST /v2beta/stable-image/generate/core", $"Bearer {VendorWorld.Key}", "image/*")));
            Assert.That(asked.Headers["content-type"], Does.StartWith("multipart/form-data; boundary="));
            Assert.That(Form(asked.Text), Is.EqualTo(new[]
            {
                ("prompt", "A red house."), ("negative_prompt", "fog"), ("aspect_ratio", "16:9"), ("output_format", "webp"), ("style_preset", "low-poly"), ("seed", "3"),
            }));
            Assert.That((usage.Service, usage.Units, usage.CostMicros, usage.TokensPrompt, usage.IsEstimated), Is.EqualTo(("stability/core", 1L, 30_000L, 0L, false)));
        }
    }

    [Test]
    public async Task Takes_no_blurred_image_for_an_answer_but_pays_for_it()
    {
        await using var vendor = await FakeVendor.Start((_, http) =>
        {
            http.Response.Headers["finish-reason"] = "CONTENT_FILTERED";
            return FakeVendor.Give(http, Jpeg, "image/jpeg");
        });
        var answer = await VendorWorld.Make(VendorWorld.Image(await VendorWorld.Tenant(vendor, "stability")));
        Assert.That((answer.Error?.Code, answer.Made, vendor.Calls), Is.EqualTo(("content_filtered", (MadeMedia?)null, 1)));
        Assert.That((answer.Usage.Single().CostMicros, answer.Usage[0].IsEstimated), Is.EqualTo((30_000L, true)));
    }

    [TestCase(403, """{"id":"4b","name":"content_moderation","errors":["Your request was flagged by our content moderation system."]}""", "content_filtered", SkillErrorClass.ClientStatus)]
    [TestCase(402, """{"id":"4b","name":"payment_required","errors":["You lack sufficient credits to make this request."]}""", "vendor_quota_exhausted", SkillErrorClass.TooManyRequests)]
    [TestCase(400, """{"id":"4b","name":"bad_request","errors":["seed: must be a number"]}""", "vendor_refused", SkillErrorClass.ClientStatus)]
    [TestCase(401, """{"id":"4b","name":"unauthorized","errors":["missing or invalid authorization header"]}""", "vendor_refused_credential", SkillErrorClass.Credential)]
    public async Task Understands_how_stability_says_no(int status, string body, string code, string type)
    {
        await using var vendor = await FakeVendor.Saying(body, status);
        var answer = await VendorWorld.Make(VendorWorld.Image(await VendorWorld.Tenant(vendor, "stability")));
        Assert.That((answer.Error?.Code, answer.Error?.Class, vendor.Calls, answer.Usage.Single().CostMicros), Is.EqualTo((code, type, 1, 0L)));
    }

    [Test]
    public async Task Asks_openai_by_json_and_books_the_tokens_that_it_names()
    {
        await using var vendor = await FakeVendor.Saying(
            $$$$"""{"created":1713833628,"background":"opaque","data":[{"b64_json":"{{{{Convert.ToBase64String(Jpeg)}}}}"}],"output_format":"jpeg","size":"1536x1024","usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":50,"image_tokens":0}}}""");
        var tenant = await Client(vendor);
        var first = await VendorWorld.Make(VendorWorld.Image(tenant, model: "openai/painter") with { AspectRatio = "16:9" });
        var second = await VendorWorld.Make(VendorWorld.Image(tenant, model: "openai/old-painter"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Made?.MediaType, first.Made?.Bytes), Is.EqualTo(("image/jpeg", Jpeg)), first.Error?.Message);
            Assert.That(vendor.Questions.Select(asked => (asked.Line, asked.Text)), Is.EqualTo(new[]
            {
                ("POST /images/generations", """{"model":"painter-1","prompt":"A red house.","n":1,"size":"1536x1024","output_format":"jpeg"}"""),
                ("POST /images/generations", """{"model":"old-painter","prompt":"A red house.","n":1,"size":"1024x1024","response_format":"b64_json"}"""),
            }));
            Assert.That((first.Usage.Single().TokensPrompt, first.Usage[0].TokensCompletion, first.Usage[0].CostMicros, first.Usage[0].IsEstimated), Is.EqualTo((50L, 50L, 250L + 2000L, false)));
            Assert.That((second.Usage.Single().Units, second.Usage[0].CostMicros), Is.EqualTo((1L, 20_000L)));
        }
    }

    [TestCase("""{"data":[{"url":"https://example.com/a.png"}]}""", "vendor_answer_invalid")]
    [TestCase("""{"data":[{"b64_json":"%%%%"}]}""", "vendor_answer_invalid")]
    [TestCase("""{"data":[{"b64_json":"PHN2Zz48L3N2Zz4="}]}""", "vendor_answer_invalid")]
    [TestCase("""{"data":[]}""", "vendor_answer_invalid")]
    [TestCase("""{"data":""", "vendor_answer_invalid")]
    [TestCase("""{"error":{"code":"moderation_blocked","message":"Your request was rejected as a result of our safety system."}}""", "content_filtered")]
    public async Task Takes_nothing_for_an_image_that_is_none(string body, string code)
    {
        await using var vendor = await FakeVendor.Saying(body);
        var answer = await VendorWorld.Make(VendorWorld.Image(await Client(vendor), model: "openai/painter"));
        Assert.That((answer.Made, answer.Error?.Code), Is.EqualTo(((MadeMedia?)null, code)));
    }

    /// <summary>Of OpenAI's painters, which are in no catalogue.</summary>
    static async Task<TestTenant> Client(FakeVendor vendor)
    {
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        Assert.That(VendorFile.TryRead(OpenAiService, out var file, out var problem), Is.True, problem);
        Assert.That((await file!.Apply((await VendorWorld.Running()).Database.Owner, CancellationToken.None)).Refusal, Is.Null);
        await Eventually.Get(() => tenant.Http.Get("/v1/vendors/openai/services?modality=image"), services => services.GetProperty("items").GetArrayLength() == 2);
        return tenant;
    }

    /// <summary>The fields of a form, in their order.</summary>
    static (string Name, string Value)[] Form(string body) =>
        [.. body.Split("Content-Disposition: form-data; name=\"").Skip(1).Select(part => (part[..part.IndexOf('"')], part.Split("\r\n\r\n")[1].Split("\r\n--")[0]))];
}
