using System.Globalization;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Integration.Integrations;

/// <summary>What becomes of speech and images when their vendor does not do what it should: both go the same way, so each case tries the one that shows it.</summary>
public sealed class MediaBehaviourTests
{
    static readonly byte[] Mp3 = [.. "ID3"u8, .. new byte[500]];

    [Test]
    public async Task Tries_again_when_told_to_wait_a_little_and_pays_once()
    {
        await using var vendor = await FakeVendor.Start((number, http) =>
        {
            http.Response.Headers.RetryAfter = "0";
            return number < 3 ? FakeVendor.Say(http, """{"detail":{"status":"too_many_concurrent_requests","message":"Slow down"}}""", 429) : FakeVendor.Give(http, Mp3, "audio/mpeg");
        });
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs"), "Hello"));
        Assert.That((answer.Made?.MediaType, vendor.Calls), Is.EqualTo(("audio/mpeg", 3)), answer.Error?.Message);
        Assert.That((answer.Usage.Single().ApiCalls, answer.Usage[0].Units, answer.Usage[0].CostMicros, answer.Usage[0].IsEstimated), Is.EqualTo((3, 5L, 250L, false)));
    }

    [Test]
    public async Task Does_not_wait_for_an_hour_and_says_when_to_come_back()
    {
        await using var vendor = await FakeVendor.Start((_, http) =>
        {
            http.Response.Headers.RetryAfter = "3000";
            return FakeVendor.Say(http, """{"id":"1","name":"rate_limit_exceeded","errors":["You have exceeded the rate limit."]}""", 429);
        });
        var answer = await VendorWorld.Make(VendorWorld.Image(await VendorWorld.Tenant(vendor, "stability")));
        Assert.That((answer.Error?.Code, answer.Error?.Class, answer.Error?.RetryAfter, vendor.Calls), Is.EqualTo(("vendor_rate_limited", "429", (TimeSpan?)TimeSpan.FromSeconds(3000), 1)));
    }

    [Test]
    public async Task Stops_asking_a_vendor_that_is_out_of_order()
    {
        await using var vendor = await FakeVendor.Saying("""{"detail":{"status":"internal_server_error","message":"Oops"}}""", 500);
        var tenant = await VendorWorld.Tenant(vendor, "elevenlabs");
        for (var i = 0; i < 2; i++)
        {
            Assert.That((await VendorWorld.Make(VendorWorld.Speech(tenant))).Error?.Code, Is.EqualTo("vendor_unavailable"));
        }

        var answer = await VendorWorld.Make(VendorWorld.Speech(tenant));
        Assert.That((answer.Error?.Code, vendor.Calls, answer.Usage.Count), Is.EqualTo(("vendor_circuit_open", 6, 0)));
    }

    [Test]
    public async Task Pays_for_answers_that_broke_off()
    {
        await using var vendor = await FakeVendor.Start(async (_, http) =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(Mp3);
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs"), "Hello"));
        Assert.That(answer.Error?.Code, Is.EqualTo("vendor_answer_cut").Or.EqualTo("vendor_unreachable"), "The connection may break before its first bytes are read.");
        Assert.That((answer.Usage.Single().ApiCalls, answer.Usage[0].CostMicros, answer.Usage[0].IsEstimated), Is.EqualTo((3, 3 * 250L, true)), "It said nothing of what it charges.");
    }

    [TestCase("text/html", "<html>Welcome to the hotel's network</html>")]
    [TestCase("audio/mpeg", "")]
    [TestCase("audio/mpeg", "{\"error\":\"none\"}")]
    [TestCase("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public async Task Takes_nothing_by_its_name(string type, string body)
    {
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Say(http, body, 200, type));
        var tenant = await VendorWorld.Tenant(vendor, "elevenlabs", "stability");
        Assert.That((await VendorWorld.Make(VendorWorld.Speech(tenant))).Error?.Code, Is.EqualTo("vendor_answer_invalid"));
        Assert.That((await VendorWorld.Make(VendorWorld.Image(tenant))).Error?.Code, Is.EqualTo("vendor_answer_invalid"));
    }

    [TestCase(IMedia.MaxBytes, true, null)]
    [TestCase(IMedia.MaxBytes, false, null)]
    [TestCase(IMedia.MaxBytes + 1, true, "vendor_answer_too_large")]
    [TestCase(IMedia.MaxBytes + 1, false, "vendor_answer_too_large")]
    public async Task Takes_as_much_as_a_step_can_hold(int length, bool isAnnounced, string? code)
    {
        byte[] body = [.. "ID3"u8, .. new byte[length - 3]];
        await using var vendor = await FakeVendor.Start((_, http) =>
        {
            http.Response.ContentLength = isAnnounced ? length : null;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")));
        Assert.That((answer.Error?.Code, answer.Made?.Bytes.Length, vendor.Calls), Is.EqualTo((code, code is null ? length : (int?)null, 1)));
        Assert.That(answer.Error?.Message ?? "", code is null ? Is.Empty : Does.Contain(IMedia.MaxBytes.ToString(CultureInfo.InvariantCulture)));
        Assert.That(answer.Usage.Single().CostMicros, Is.Positive, "It was made all the same.");
    }

    [Test]
    public async Task Hangs_up_when_nobody_wants_it_any_more_and_books_what_it_may_cost()
    {
        using var stop = new CancellationTokenSource();
        await using var vendor = await FakeVendor.Start(async (_, http) =>
        {
            await stop.CancelAsync();
            await FakeVendor.Hang(http);
        });
        var tenant = await VendorWorld.Tenant(vendor, "stability");
        var aborted = await Assert.ThrowsAsync<CallAbortedException>(() => VendorWorld.Make(VendorWorld.Image(tenant), stop.Token));
        Assert.That((aborted.Usage.Single().CostMicros, aborted.Usage[0].IsEstimated), Is.EqualTo((30_000L, true)));
        await vendor.HungUp.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Gives_up_on_a_vendor_that_stops_in_the_middle()
    {
        await using var vendor = await FakeVendor.Start(async (_, http) =>
        {
            await http.Response.Body.WriteAsync(Mp3);
            await http.Response.Body.FlushAsync();
            await FakeVendor.Hang(http);
        });
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")));
        Assert.That((answer.Error?.Code, answer.Error?.Class), Is.EqualTo(("vendor_timeout", SkillErrorClass.Timeout)));
    }

    [Test]
    public async Task Never_tells_the_key_that_a_vendor_repeats()
    {
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Say(http, $$$"""{"detail":{"status":"invalid_api_key","message":"Not a key: {{{http.Request.Headers["xi-api-key"]}}}"}}""", 401));
        var answer = await VendorWorld.Make(VendorWorld.Speech(await VendorWorld.Tenant(vendor, "elevenlabs")));
        Assert.That(answer.Error!.Message, Does.Contain("Not a key: ***").And.Not.Contain(VendorWorld.Key));
    }
}
