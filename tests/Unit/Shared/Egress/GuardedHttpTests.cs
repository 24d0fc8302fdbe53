using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared.Egress;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Egress;

public sealed class GuardedHttpTests
{
    static readonly IPAddress PublicV4 = IPAddress.Parse("93.184.216.34");
    static readonly IPAddress PublicV6 = IPAddress.Parse("2606:2800:220:1:248:1893:25c8:1946");

    /// <summary>What a URL's authority can be when someone wants to reach this machine or its network. {p} is the sentinel's port.</summary>
    static IEnumerable<string> Authorities()
    {
        string[] spellings =
        [
            "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "0177.1", "017700000001", "127.0.0.1.", "0", "0.0.0.0", "00000",
            "127.0.00.1", "127.0.0.01", "0x7F.0x0.0x0.0x1", "4294967295", "localhost", "LOCALHOST", "localhost.", "sub.localhost", "ip6-localhost",
            "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::]", "[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[::127.0.0.1]",
            "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]",
            "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "１２７.０.０.１", "127。0。0。1", "127．0．0．1", "①②⑦.⓪.⓪.①", "ｌｏｃａｌｈｏｓｔ", "loc\u00ADalhost", "localh\u200Dost",
            "metadata.google.internal", "metadata", "instance-data", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[fd00:ec2::254]",
            "100.100.100.200", "168.63.129.16",
        ];
        foreach (var spelling in spellings)
            yield return spelling + ":{p}";
        foreach (var address in Addresses.NotPublic)
            yield return (address.Contains(':') ? $"[{address}]" : address) + ":{p}";
        foreach (var userinfo in new[] { "good.com", "user:pass", "good.com:80", "", ":", "good.com%2f", "good.com%23" })
        {
            yield return userinfo + "@127.0.0.1:{p}";
            yield return userinfo + "@[::1]:{p}";
        }

        foreach (var trick in new[] { "127.0.0.1:{p}#good.com", "127.0.0.1:{p}?good.com", "127.0.0.1:{p}\\@good.com", "good.com\\@127.0.0.1:{p}", "127.0.0.1:{p}/@good.com",
            "127.0.0.1\t:{p}", "127.0.0.1\n:{p}", " 127.0.0.1:{p}", "127.0.0.1:{p}%20", "127.0.0.1\0:{p}", "127.0.0.1\0good.com:{p}", "127.0.0.1:0{p}", "127.0.0.1:+{p}", "[127.0.0.1]:{p}", "[::1:{p}", "::1:{p}" })
            yield return trick;
    }

    /// <summary>Every spelling through both schemes: more than three hundred URLs.</summary>
    static IEnumerable<string> HostileUrls(int port)
    {
        foreach (var authority in Authorities())
        {
            foreach (var scheme in new[] { "http://", "https://" })
                yield return scheme + authority.Replace("{p}", port.ToString(), StringComparison.Ordinal) + "/";
        }

        foreach (var other in new[] { "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{p}/_", "ftp://127.0.0.1:{p}/", "dict://127.0.0.1:{p}/",
            "ldap://127.0.0.1:{p}/", "ws://127.0.0.1:{p}/", "data:text/plain,x", "javascript:alert(1)", "jar:http://127.0.0.1:{p}!/", "//127.0.0.1:{p}/", "http:127.0.0.1:{p}/",
            "http:/127.0.0.1:{p}/", "http:///127.0.0.1:{p}/", "http:\\\\127.0.0.1:{p}\\", "\\\\127.0.0.1\\share", "HTTP://LOCALHOST:{p}/", "127.0.0.1:{p}", "/etc/passwd", "", "http://" })
            yield return other.Replace("{p}", port.ToString(), StringComparison.Ordinal);
    }

    [Test]
    public async Task No_spelling_of_a_private_address_makes_a_connection()
    {
        using var sentinel = new Sentinel();
        // The real dialler, and a resolver that a hostile zone would love: every name leads here.
        using var http = new GuardedHttp(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }), RealDial);
        var call = new HttpRequestCall(http, TimeProvider.System);
        var urls = HostileUrls(sentinel.Port).ToArray();

        var passed = new List<string>();
        foreach (var url in urls)
        {
            var result = await call.Send(new HttpRequestInput { Url = url, Timeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
            if (result.Error is not { Class: "egress" or "invalid_input", Retryable: false } || sentinel.WasReached)
                passed.Add($"{url} → {result.Error}");
        }

        Assert.That(urls, Has.Length.GreaterThan(300));
        Assert.That(passed, Is.Empty);
    }

    [Test]
    public async Task No_redirect_leads_to_a_private_address([Values(301, 302, 303, 307, 308)] int status)
    {
        using var sentinel = new Sentinel();
        var location = "";
        var dialled = new List<IPEndPoint>();
        // The name of the first hop leads to a public server, which redirects; every other name leads to this machine.
        using var http = new GuardedHttp(
            EgressPolicy.Create([], []),
            (host, _) => Task.FromResult(new[] { host == "public.example.com" ? PublicV4 : IPAddress.Loopback }),
            (endpoint, ct) =>
            {
                dialled.Add(endpoint);
                return endpoint.Address.Equals(PublicV4)
                    ? CannedStream.Answer($"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    : RealDial(endpoint, ct);
            });
        var call = new HttpRequestCall(http, TimeProvider.System);
        // CR, LF and NUL cannot be in a header's value; those spellings are tried directly.
        var locations = HostileUrls(sentinel.Port).Where(url => url.Length > 0 && url[0] != '/' && !url.AsSpan().ContainsAny("\r\n\0"))
            .Append($"//127.0.0.1:{sentinel.Port}/").Append("//10.0.0.1/");

        var passed = new List<string>();
        foreach (var url in locations)
        {
            location = url;
            var result = await call.Send(new HttpRequestInput { Url = "http://public.example.com/", Method = "POST", Body = new byte[3] }, CancellationToken.None);
            // "http:127.0.0.1/" and "127.0.0.1:80" are paths below the public server, which then redirects for ever.
            if (result.Error is not { Class: "egress" or "invalid_input" or "limit" } || sentinel.WasReached)
                passed.Add($"{url} → {result.Error?.ToString() ?? result.Output!.ToString()}");
        }

        Assert.That(passed, Is.Empty);
        Assert.That(dialled.Select(endpoint => endpoint.Address).Distinct(), Is.EqualTo(new[] { PublicV4 }));
    }

    [Test]
    public async Task Dials_exactly_the_address_that_was_checked_when_the_name_changes_its_answer()
    {
        var answers = new Queue<IPAddress>([PublicV4, IPAddress.Loopback]);
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { answers.Dequeue() }), Recording(dialled));
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
        using var http = new GuardedHttp(EgressPolicy.Create([], []), (_, _) => Task.FromResult(mixed), (endpoint, _) =>
        {
            dialled.Add(endpoint);
            throw new SocketException((int)SocketError.ConnectionRefused);
        });

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

    [TestCaseSource(nameof(OrdinaryUrls))]
    public async Task Lets_ordinary_urls_through(string url)
    {
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { PublicV4 }), Recording(dialled));

        var result = await new HttpRequestCall(http, TimeProvider.System).Send(new HttpRequestInput { Url = url }, CancellationToken.None);

        Assert.That(result.Error, Is.Null);
        Assert.That(dialled, Has.Count.EqualTo(1));
    }

    static IEnumerable<string> OrdinaryUrls()
    {
        string[] hosts =
        [
            "example.com", "www.example.com", "api.github.com", "hooks.slack.com", "api.stripe.com", "en.wikipedia.org", "a.b.c.d.e.example.co.uk", "xn--mller-kva.de",
            "müller.de", "日本語.jp", "EXAMPLE.COM", "example.com.", "localhost.example.com", "127.0.0.1.example.com", "10.example.com", "1and1.com", "192.com", "my_host.example.com",
            "metadata.example.com", "internal.example.com", "8.8.8.8", "1.1.1.1", "[2606:4700:4700::1111]",
        ];
        foreach (var host in hosts)
            yield return $"http://{host}/";
        foreach (var port in new[] { 80, 81, 443, 3000, 5000, 8000, 8080, 8443, 8888, 9000, 9200, 9443, 18080, 65535 })
            yield return $"http://example.com:{port}/";
        foreach (var rest in new[] { "", "?a=1", "/a/b/c", "/a?b=c&d=e", "/#fragment", "/a%20b", "/ä/ö", "/@user", "/a:b", "/?u=http://127.0.0.1/", "/a;b=c", "/~user/", "/a//b", "/..%2f", "/a+b",
            "/?q=%00", "/(x)", "/*", "/$metadata", "/a'b", "/?a[]=1" })
            yield return "http://example.com" + rest;
    }

    [Test]
    public async Task A_listed_network_opens_the_loopback_and_nothing_else_is_needed()
    {
        var dialled = new List<IPEndPoint>();
        using var http = new GuardedHttp(EgressPolicy.Create(["127.0.0.1/32"], []), (_, _) => Task.FromResult(new[] { IPAddress.Loopback }), Recording(dialled));
        var call = new HttpRequestCall(http, TimeProvider.System);

        Assert.That((await call.Send(new HttpRequestInput { Url = "http://127.0.0.1:5000/" }, CancellationToken.None)).Output?.Status, Is.EqualTo(204));
        Assert.That((await call.Send(new HttpRequestInput { Url = "http://localhost:5000/" }, CancellationToken.None)).Output?.Status, Is.EqualTo(204));
    }

    static DialAddress Recording(List<IPEndPoint> dialled) => (endpoint, _) =>
    {
        dialled.Add(endpoint);
        return CannedStream.Answer("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    };

    static async ValueTask<Stream> RealDial(IPEndPoint endpoint, CancellationToken ct)
    {
        var client = new TcpClient(endpoint.AddressFamily);
        await client.ConnectAsync(endpoint, ct);
        return client.GetStream();
    }

    /// <summary>A connection whose peer has already said everything, and takes whatever is sent.</summary>
    sealed class CannedStream(byte[] answer) : MemoryStream(answer, writable: false)
    {
        public static ValueTask<Stream> Answer(string text) => new(new CannedStream(Encoding.UTF8.GetBytes(text)));

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
