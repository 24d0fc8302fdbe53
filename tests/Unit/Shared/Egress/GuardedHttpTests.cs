using System.Net;
using System.Net.Sockets;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared.Egress;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Egress;

public sealed class GuardedHttpTests
{
    static readonly IPAddress PublicV4 = IPAddress.Parse("93.184.216.34");
    static readonly IPAddress PublicV6 = IPAddress.Parse("2606:2800:220:1:248:1893:25c8:1946");

    [Test]
    public async Task No_spelling_of_a_private_address_makes_a_connection()
    {
        using var sentinel = new Sentinel();
        // The real dialler, and a resolver that a hostile zone would love: every name leads here.
        using var network = new PlayedNetwork(_ => [IPAddress.Loopback, IPAddress.IPv6Loopback], () => "");
        var call = new HttpRequestCall(network.Http, TimeProvider.System);
        var urls = HostileTargets.Urls(sentinel.Port);

        var passed = new List<string>();
        foreach (var url in urls)
        {
            var result = await call.Send(new HttpRequestInput { Url = url, Timeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
            if (result.Error is not { Class: "egress" or "invalid_input", Retryable: false } || sentinel.WasReached)
                passed.Add($"{url} → {result.Error}");
        }

        Assert.That(passed, Is.Empty);
    }

    [Test]
    public async Task Dials_exactly_the_address_that_was_checked_when_the_name_changes_its_answer()
    {
        var answers = new Queue<IPAddress>([PublicV4, IPAddress.Loopback]);
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(new GuardedDialer(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { answers.Dequeue() }), Recording(dialled)));
        var call = new HttpRequestCall(http, TimeProvider.System);

        var first = await call.Send(new HttpRequestInput { Url = "http://rebind.example.com/" }, CancellationToken.None);
        var second = await call.Send(new HttpRequestInput { Url = "http://rebind.example.com/" }, CancellationToken.None);

        Assert.That(first.Output?.Status, Is.EqualTo(204));
        Assert.That(second.Error?.Code, Is.EqualTo(EgressRefusal.AddressNotAllowed));
        Assert.That(second.Error?.Message, Does.Contain("rebind.example.com").And.Not.Contain("127.0.0.1"));
        Assert.That(dialled, Is.EqualTo(new[] { new IPEndPoint(PublicV4, 80) }));
    }

    [Test]
    public async Task Uses_only_the_permitted_ones_of_several_answers()
    {
        var dialled = new List<IPEndPoint>();
        IPAddress[] mixed = [IPAddress.Loopback, IPAddress.Parse("10.0.0.1"), IPAddress.Parse("64:ff9b::a00:1"), PublicV6, PublicV4, IPAddress.Parse("169.254.169.254")];
        using var http = new GuardedHttp(new GuardedDialer(EgressPolicy.Create([], []), (_, _) => Task.FromResult(mixed), (endpoint, _) =>
        {
            dialled.Add(endpoint);
            throw new SocketException((int)SocketError.ConnectionRefused);
        }));

        var result = await new HttpRequestCall(http, TimeProvider.System).Send(new HttpRequestInput { Url = "https://mixed.example.com:8443/" }, CancellationToken.None);

        Assert.That(dialled, Is.EqualTo(new[] { new IPEndPoint(PublicV4, 8443), new IPEndPoint(PublicV6, 8443) }));
        Assert.That(result.Error, Has.Property("Code").EqualTo("connection_failed").And.Property("Class").EqualTo("network").And.Property("Retryable").True);
    }

    [TestCase(22)]
    [TestCase(25)]
    [TestCase(5432)]
    [TestCase(6379)]
    [TestCase(11211)]
    [TestCase(0)]
    public void Refuses_ports_that_are_not_for_HTTP_unless_the_host_is_listed(int port)
    {
        var closed = EgressPolicy.Create([], []);
        var open = EgressPolicy.Create(["127.0.0.1", "build.example.com"], []);

        Assert.That(() => EgressUrl.Parse($"http://example.com:{port}/", closed), Throws.TypeOf<EgressRefusedException>().With.Property("Code").EqualTo(EgressRefusal.PortNotAllowed));
        foreach (var host in new[] { "127.0.0.1", "build.example.com" })
        {
            if (port == 0)
                Assert.That(() => EgressUrl.Parse($"http://{host}:{port}/", open), Throws.TypeOf<EgressRefusedException>());
            else
                Assert.That(EgressUrl.Parse($"http://{host}:{port}/", open).Port, Is.EqualTo(port));
        }
    }

    [Test]
    public void Refuses_a_text_that_the_frameworks_own_parser_trips_over() =>
        Assert.That(() => EgressUrl.Parse("//\u202e", EgressPolicy.Create([], [])), Throws.TypeOf<EgressRefusedException>());

    [Test]
    public void Takes_or_refuses_any_text_without_another_exception()
    {
        var policy = EgressPolicy.Create([], []);
        string[] parts =
        [
            "http://", "https://", "//", "/", "\\", "@", ":", "?", "#", "[", "]", "%", "%00", "%2f", ".", "..", "xn--", "xn--a", "例え", "\u00ad", "\u202e", "\ud800", "ß",
            "example.com", "localhost", "127.0.0.1", "::1", "fe80::1%25lo", "0x7f.1", "65536", "-1", "1", " ", "\0", "\n", "ａ", new string('a', 64), new string('a', 300), "_", "-",
        ];
        var texts = Gen.Elements(parts).ListOf().Select(list => string.Concat(list))
            .SelectMany(tail => Gen.Elements("", "http://", "https://a.example.com/").Select(head => head + tail));

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            foreach (var parse in new Action[] { () => EgressUrl.Parse(text, policy), () => EgressUrl.ParseRedirect(new Uri("https://example.com/a"), text, policy) })
            {
                try
                {
                    parse();
                }
                catch (EgressRefusedException e)
                {
                    Assert.That(e.Code, Is.Not.Empty);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Test]
    public async Task Lets_ordinary_urls_through()
    {
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(new GuardedDialer(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { PublicV4 }), Recording(dialled)));
        var call = new HttpRequestCall(http, TimeProvider.System);

        var stopped = new List<string>();
        foreach (var url in OrdinaryUrls.All)
        {
            var result = await call.Send(new HttpRequestInput { Url = url }, CancellationToken.None);
            // What is dialled for https never shakes hands here.
            if (dialled.Count != 1 || (result.Error is not null && !url.StartsWith("https:", StringComparison.Ordinal)))
                stopped.Add($"{url} → {result.Error}");
            dialled.Clear();
        }

        Assert.That(OrdinaryUrls.All, Has.Count.GreaterThanOrEqualTo(200).And.Unique);
        Assert.That(stopped, Is.Empty);
    }

    /// <summary>HTTP/3 would go over UDP, which the framework connects by itself.</summary>
    [Test]
    public async Task Whoever_asks_for_HTTP_3_gets_a_version_that_the_guard_dials([Values] HttpVersionPolicy policy)
    {
        using var network = new PlayedNetwork(_ => [PublicV4], () => "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        using var client = network.Http.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://example.com/") { Version = HttpVersion.Version30, VersionPolicy = policy };

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(network.Dialled, Has.Exactly(1).Items);
    }

    [Test]
    public void Calls_that_block_a_thread_do_not_go_past_the_check()
    {
        using var network = new PlayedNetwork(_ => [PublicV4], () => "");
        using var client = network.Http.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://example.com:22/");

        Assert.That(() => client.Send(request), Throws.TypeOf<NotSupportedException>());
        Assert.That(network.Dialled, Is.Empty);
    }

    [Test]
    public async Task A_listed_network_opens_the_loopback_and_nothing_else_is_needed()
    {
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(new GuardedDialer(EgressPolicy.Create(["127.0.0.1/32"], []), (_, _) => Task.FromResult(new[] { IPAddress.Loopback }), Recording(dialled)));
        var call = new HttpRequestCall(http, TimeProvider.System);

        Assert.That((await call.Send(new HttpRequestInput { Url = "http://127.0.0.1:5000/" }, CancellationToken.None)).Output?.Status, Is.EqualTo(204));
        Assert.That((await call.Send(new HttpRequestInput { Url = "http://localhost:5000/" }, CancellationToken.None)).Output?.Status, Is.EqualTo(204));
    }

    static DialAddress Recording(List<IPEndPoint> dialled) => (endpoint, _) =>
    {
        dialled.Add(endpoint);
        return new(new CannedStream("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray()));
    };
}
