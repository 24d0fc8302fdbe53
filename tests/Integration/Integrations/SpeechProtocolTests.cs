using System.Text.Json.Nodes;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Speech as ElevenLabs makes it, against recorded shapes.</summary>
public sealed class SpeechProtocolTests
{
    /// <summary>A tag as it stands before the frames of an MP3, and the first of these.</summary>
    static readonly byte[] Mp3 = [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0, 0xFF, 0xFB, 0x90, 0x64, .. new byte[400]];

    [Test]
    public async Task Asks_and_answers_as_the_vendor_does()
    {
        await using var vendor = await FakeVendor.Giving(Mp3, "audio/mpeg");
        var tenant = await VendorWorld.Tenant(vendor, "elevenlabs");
        var answer = await VendorWorld.Make(VendorWorld.Speech(tenant, "Grüß dich 👋") with { Voice = "voice_1", Format = "opus", BitRate = 96, Language = "de", Speed = 1.1, Seed = 7 });

        var asked = vendor.Questions.Single();
        var usage = answer.Usage.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((answer.Made?.MediaType, answer.Made?.Bytes), Is.EqualTo(("audio/mpeg", Mp3)), answer.Error?.Message);
            Assert.That((asked.Line, asked.Query), Is.EqualTo(("POST /v1/text-to-speech/voice_1", "?output_format=opus_48000_96")));
            Assert.That(asked.Headers["xi-api-key"], Is.EqualTo(VendorWorld.Key));
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(asked.Text), JsonNode.Parse("""{"text":"Grüß dich 👋","model_id":"eleven_flash_v2_5","language_code":"de","seed":7,"voice_settings":{"speed":1.1}}""")), asked.Text);
            Assert.That((usage.Service, usage.Units, usage.CostMicros, usage.Currency, usage.ApiCalls, usage.IsEstimated), Is.EqualTo(("elevenlabs/flash-v2.5", 11L, 11 * 50L, "USD", 1, false)));
            Assert.That((usage.TokensPrompt, usage.TokensCompletion), Is.EqualTo((0L, 0L)));
        }
    }

    [Test]
    public async Task Speaks_with_the_vendors_own_voice_when_none_is_named()
    {
        await using var vendor = await FakeVendor.Giving(Mp3, "audio/mpeg");
        await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")));
        Assert.That(vendor.Questions.Single().Line, Does.Match("^POST /v1/text-to-speech/[A-Za-z0-9]{20}$"));
        Assert.That(vendor.Questions.Single().Query, Is.EqualTo("?output_format=mp3_44100_64"));
    }

    [TestCase("../../v1/user")]
    [TestCase("a b")]
    [TestCase("")]
    [TestCase("a\n")]
    public async Task Puts_nothing_into_the_address_that_is_no_voice(string voice)
    {
        await using var vendor = await FakeVendor.Giving(Mp3, "audio/mpeg");
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")) with { Voice = voice });
        Assert.That((answer.Error?.Code, vendor.Calls, answer.Usage.Count), Is.EqualTo(("invalid_with", 0, 0)));
    }

    [TestCase(401, """{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}""", "vendor_refused_credential", SkillErrorClass.Credential, "Invalid API key")]
    [TestCase(401, """{"detail":{"status":"quota_exceeded","message":"This request exceeds your quota of 10000. You have 0 credits remaining, while 91 credits are required for this request."}}""", "vendor_quota_exhausted", SkillErrorClass.TooManyRequests, "0 credits remaining")]
    [TestCase(404, """{"detail":{"status":"voice_not_found","message":"A voice with the voice_id x was not found."}}""", "model_unavailable", SkillErrorClass.ClientStatus, "was not found")]
    [TestCase(400, """{"detail":{"status":"max_character_limit_exceeded","message":"The text is longer than the model takes."}}""", "context_length_exceeded", SkillErrorClass.InvalidInput, "longer than the model takes")]
    [TestCase(422, """{"detail":[{"loc":["body","text"],"msg":"field required","type":"value_error.missing"}]}""", "vendor_refused", SkillErrorClass.ClientStatus, "field required")]
    [TestCase(400, """{"detail":"Bad Request"}""", "vendor_refused", SkillErrorClass.ClientStatus, "Bad Request")]
    public async Task Understands_how_the_vendor_says_no(int status, string body, string code, string type, string said)
    {
        await using var vendor = await FakeVendor.Saying(body, status);
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")));
        Assert.That((answer.Error?.Code, answer.Error?.Class, vendor.Calls), Is.EqualTo((code, type, 1)));
        Assert.That(answer.Error!.Message, Does.Contain(said));
        Assert.That((answer.Usage.Single().ApiCalls, answer.Usage[0].CostMicros, answer.Usage[0].Units), Is.EqualTo((1, 0L, 0L)), "A refusal costs nothing.");
    }

    [Test]
    public async Task Refuses_a_text_that_is_too_long_before_it_costs_anything()
    {
        await using var vendor = await FakeVendor.Giving(Mp3, "audio/mpeg");
        var tenant = await VendorWorld.Tenant(vendor, "elevenlabs");
        Assert.That((await VendorWorld.Make(VendorWorld.Speech(tenant, new string('a', 10_000), "elevenlabs/multilingual-v2"))).Error, Is.Null);
        var answer = await VendorWorld.Make(VendorWorld.Speech(tenant, new string('a', 10_001), "elevenlabs/multilingual-v2"));
        Assert.That((answer.Error?.Code, vendor.Calls), Is.EqualTo(("text_too_long", 1)));
        Assert.That(answer.Error!.Message, Does.Contain("10000").And.Contain("10001"));
    }

    [TestCase("openai/gpt-6-luna", "model_modality")]
    [TestCase("stability/core", "model_modality")]
    [TestCase("elevenlabs/nothing", "model_unknown")]
    public async Task Says_what_a_model_cannot_do(string model, string code)
    {
        await using var vendor = await FakeVendor.Saying("{}");
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "openai", "stability", "elevenlabs"), model: model));
        Assert.That((answer.Error?.Code, vendor.Calls), Is.EqualTo((code, 0)));
    }
}
