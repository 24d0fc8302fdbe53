using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>Everybody who calls for a tenant, led astray in every spelling and by every way: not one connection comes about that the guard did not choose.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EgressProofTests
{
    static readonly string[] Ways = ["direct", "301", "302", "303", "307", "308", "a", "aaaa", "cname", "mixed", "rebinding", "rebinding by redirect"];

    static readonly IPAddress[] Forbidden = [.. Addresses.NotPublic.Select(IPAddress.Parse)];

    static IEnumerable<TestCaseData> Everybody() => from caller in EgressCaller.All from way in Ways select new TestCaseData(caller.Name, way);

    static IEnumerable<string> Names() => EgressCaller.All.Select(caller => caller.Name);

    [TestCaseSource(nameof(Everybody))]
    public async Task Reaches_nothing_but_the_public_internet(string name, string way)
    {
        var caller = Find(name);
        using var sentinel = new Sentinel();
        var escaped = new ConcurrentBag<string>();
        foreach (var attempt in Attempts(way, sentinel.Port))
        {
            using var network = attempt.Network();
            for (var i = 0; i < attempt.Calls; i++)
            {
                await Call(caller, network, attempt.Url);
            }

            foreach (var endpoint in network.Escaped)
            {
                escaped.Add($"{attempt.What} → {endpoint}");
            }
        }

        Assert.That(escaped, Is.Empty);
        Assert.That(sentinel.WasReached, Is.False);
    }

    [Test]
    public void More_than_three_thousand_attempts_are_made_with_more_than_three_hundred_spellings()
    {
        var urls = HostileTargets.Urls(40_000);

        Assert.That(urls, Has.Count.GreaterThan(300).And.Unique);
        Assert.That(EgressCaller.All.Length * Ways.Sum(way => Attempts(way, 40_000).Count()), Is.GreaterThan(3_000));
    }

    /// <summary>Or the proof would prove nothing: whoever is let through does arrive.</summary>
    [TestCaseSource(nameof(Names))]
    public async Task Reaches_the_public_internet(string name)
    {
        using var network = new PlayedNetwork(_ => [PlayedNetwork.PublicV4], Answer);

        await Call(Find(name), network, "http://good.example.com/");

        Assert.That(network.Dialled.Select(endpoint => endpoint.Address).Distinct(), Is.EqualTo(new[] { PlayedNetwork.PublicV4 }));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    [NonParallelizable]
    public async Task Nobody_unpacks_a_bomb(string encoding)
    {
        var bomb = Bomb(encoding, megabytes: 512);
        var grown = new Dictionary<string, long>();
        foreach (var caller in EgressCaller.All.Where(caller => caller.Name != "mail"))
        {
            using var network = new PlayedNetwork(_ => [PlayedNetwork.PublicV4], () => bomb);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Call(caller, network, "http://bomb.example.com/");
            grown[caller.Name] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (1024 * 1024);
            Assert.That(network.Dialled, Is.Not.Empty, caller.Name);
        }

        Assert.That(grown.Where(caller => caller.Value > 64), Is.Empty, "MiB, of 512");
    }

    static EgressCaller Find(string name) => EgressCaller.All.Single(caller => caller.Name == name);

    static async Task Call(EgressCaller caller, PlayedNetwork network, string url)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await caller.Call(network, url, limit.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException || !limit.IsCancellationRequested)
        {
            // How a caller says no is its own matter, and tested there.
        }
    }

    static IEnumerable<Attempt> Attempts(string way, int port) => way switch
    {
        "direct" => HostileTargets.Urls(port).Select(url => new Attempt(url, url, () => new PlayedNetwork(Home, Answer))),
        "a" => Forbidden.Where(address => address.GetAddressBytes().Length == 4).Select(address => Named(port, address, _ => [address])),
        "aaaa" => Forbidden.Where(address => address.GetAddressBytes().Length == 16).Select(address => Named(port, address, _ => [address])),
        "cname" => Forbidden.Select(address => Named(port, address, Aliases(address))),
        "mixed" => Forbidden.Select(address => Named(port, address, _ => [address, PlayedNetwork.PublicV6, address, PlayedNetwork.PublicV4, address])),
        "rebinding" => Forbidden.Select(address => Named(port, address, Changing(address)) with { Calls = 2 }),
        "rebinding by redirect" => Forbidden.Select(address => new Attempt($"http://name.example.com:{port}/", address.ToString(),
            () => new PlayedNetwork(Changing(address)(), () => Moved("302", $"http://name.example.com:{port}/again")))),
        // CR, LF and NUL cannot be in a header's value; those spellings are tried directly, and so is what differs in nothing but the s.
        _ => HostileTargets.Urls(port).Where(url => !url.AsSpan().ContainsAny("\r\n\0") && !url.StartsWith("https://", StringComparison.Ordinal))
            .Select(url => new Attempt("http://public.example.com/a/b", url, () => new PlayedNetwork(name => name == "public.example.com" ? [PlayedNetwork.PublicV4] : Home(name), () => Moved(way, url)))),
    };

    static Attempt Named(int port, IPAddress address, Func<string, IPAddress[]> zone) => Named(port, address, () => zone);

    static Attempt Named(int port, IPAddress address, Func<Func<string, IPAddress[]>> zone) => new($"http://name.example.com:{port}/", address.ToString(), () => new PlayedNetwork(zone(), Answer));

    static IPAddress[] Home(string name) => [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>As a resolver follows aliases: what it answers in the end is an address.</summary>
    static Func<string, IPAddress[]> Aliases(IPAddress address)
    {
        var aliases = new Dictionary<string, string> { ["name.example.com"] = "a.cdn.example.net", ["a.cdn.example.net"] = "b.cdn.example.net" };
        IPAddress[] Resolve(string name) => aliases.TryGetValue(name, out var next) ? Resolve(next) : [address];
        return Resolve;
    }

    /// <summary>Public when it is asked for the first time, and never again.</summary>
    static Func<Func<string, IPAddress[]>> Changing(IPAddress address) => () =>
    {
        var asked = 0;
        return _ => Interlocked.Increment(ref asked) == 1 ? [PlayedNetwork.PublicV4] : [address];
    };

    /// <summary>An error, on which nobody waits for more.</summary>
    static string Answer() => "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nAlt-Svc: h3=\"127.0.0.1:443\"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    /// <summary>The header is written in UTF-8, as browsers and hostile servers do.</summary>
    static string Moved(string status, string to) =>
        $"HTTP/1.1 {status} Moved\r\nLocation: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(to))}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    static byte[] Bomb(string encoding, int megabytes)
    {
        using var body = new MemoryStream();
        using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            var blank = new byte[1024 * 1024];
            blank.AsSpan().Fill((byte)' ');
            for (var i = 0; i < megabytes; i++)
            {
                packer.Write(blank);
            }
        }

        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body.ToArray()];
    }

    /// <param name="What">For whoever reads a failure.</param>
    sealed record Attempt(string Url, string What, Func<PlayedNetwork> Network)
    {
        public int Calls { get; init; } = 1;
    }
}
