using System.Globalization;
using System.Net;

namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>What somebody writes who wants to reach this machine or its network: every address in every spelling that some program somewhere reads as that address.</summary>
static class HostileTargets
{
    static readonly string[] Targets = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.100.100.200", "0.0.0.0", "168.63.129.16"];

    /// <summary>Whole URLs, different from each other. <paramref name="port"/> is where the sentinel listens.</summary>
    public static IReadOnlyList<string> Urls(int port)
    {
        var place = port.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Authorities().SelectMany(authority => new[] { "http://", "https://" }.Select(scheme => scheme + authority + "/")).Concat(OtherForms())
                .Select(url => url.Replace("{p}", place, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        ];
    }

    static IEnumerable<string> Authorities() =>
        Targets.SelectMany(target => Spellings(IPAddress.Parse(target))).Select(spelling => spelling + ":{p}")
            .Concat(Addresses.NotPublic.Select(address => (address.Contains(':') ? $"[{address}]" : address) + ":{p}"))
            .Concat(Names.Select(name => name + ":{p}"))
            .Concat(Tricks);

    static IEnumerable<string> Spellings(IPAddress target)
    {
        var b = target.GetAddressBytes();
        var n = (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(b));
        var (dotted, high, low) = (target.ToString(), $"{b[0]:x2}{b[1]:x2}", $"{b[2]:x2}{b[3]:x2}");
        string[] octal = [.. b.Select(x => "0" + Convert.ToString(x, 8))];
        string[] hex = [.. b.Select(x => $"0x{x:x}")];
        yield return $"{n}";
        yield return $"{n}.";
        yield return $"0x{n:x8}";
        yield return $"0X{n:X}";
        yield return $"0x00000000{n:x8}";
        yield return "0" + Convert.ToString(n, 8);
        yield return "0000000" + Convert.ToString(n, 8);
        yield return $"{(1L << 32) + n}";
        yield return $"-{n}";
        yield return $"+{n}";
        yield return string.Join('.', octal);
        yield return string.Join('.', hex);
        yield return string.Join('.', hex).ToUpperInvariant();
        yield return $"{hex[0]}.{octal[1]}.{b[2]}.{hex[3]}";
        yield return $"{b[0]}.{n & 0xffffff}";
        yield return $"{hex[0]}.0x{n & 0xffffff:x}";
        yield return $"{octal[0]}.{octal[1]}.{n & 0xffff}";
        yield return $"{b[0]}.{b[1]}.{n & 0xffff}";
        yield return string.Join('.', b.Select(x => $"{x:d3}"));
        yield return string.Join('.', b.Select(x => $"{x + 256}"));
        yield return dotted + ".";
        yield return dotted + "..";
        yield return $"{dotted}.nip.io";
        yield return string.Concat(dotted.Select(c => $"%{(int)c:x2}"));
        yield return string.Concat(dotted.Select(c => $"%25{(int)c:x2}"));
        yield return dotted.Replace(".", "%2e", StringComparison.Ordinal);
        yield return Write(dotted, '０');
        yield return Write(dotted, '０').Replace('.', '．');
        yield return Write(dotted, '٠');
        yield return Circled(dotted);
        yield return dotted.Replace('.', '。');
        yield return dotted.Replace('.', '｡');
        yield return dotted.Insert(1, "\u00ad");
        yield return dotted.Insert(1, "\u200b");
        yield return dotted + "\u202e";
        yield return $"[::ffff:{dotted}]";
        yield return $"[::ffff:{high}:{low}]";
        yield return $"[0:0:0:0:0:FFFF:{high}:{low}]".ToUpperInvariant();
        yield return $"[0000:0000:0000:0000:0000:ffff:{dotted}]";
        yield return $"[::{dotted}]";
        yield return $"[::ffff:0:{dotted}]";
        yield return $"[64:ff9b::{dotted}]";
        yield return $"[64:ff9b::{high}:{low}]";
        yield return $"[64:ff9b:1::{high}:{low}]";
        yield return $"[2002:{high}:{low}::]";
        yield return $"[2002:{high}:{low}::1]";
        yield return $"[2001:0:53aa:64c:0:fbff:{~n >> 16 & 0xffff:x}:{~n & 0xffff:x}]";
        yield return $"[2606:4700::5efe:{high}:{low}]";
        yield return $"[2606:4700::200:5efe:{dotted}]";
        yield return $"[::ffff:{dotted}%25lo]";
        yield return $"good.com@{dotted}";
        yield return $"user:pass@{dotted}";
        yield return $"good.com:80@{dotted}";
        yield return $"good.com%2f@{dotted}";
        yield return $"@{dotted}";
        yield return $"good.com\\@{dotted}";
        yield return $"{dotted}\\@good.com";
        yield return $"{dotted}:{{p}}#@good.com";
    }

    static readonly string[] Names =
    [
        "localhost", "LOCALHOST", "localhost.", "sub.localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "loc\u00adalhost", "localh\u200dost", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "l%6fcalhost", "xn--localhost-", "xn--0-7ga", "metadata.google.internal", "metadata", "instance-data", "kubernetes.default.svc", "host.docker.internal", "0", "00000", "0x0", "127.1", "127.0.1", "[::]", "[::1]",
        "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::1%25lo]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fd00:ec2::254]", "255.255.255.255", "4294967295", "224.0.0.1", "[ff02::1]", "[v1.127.0.0.1]",
    ];

    /// <summary>Where parsers disagree about what the host is.</summary>
    static readonly string[] Tricks =
    [
        "127.0.0.1:{p}#good.com", "127.0.0.1:{p}?good.com", "127.0.0.1:{p}\\@good.com", "good.com\\@127.0.0.1:{p}", "127.0.0.1:{p}/@good.com", "127.0.0.1\t:{p}", "127.0.0.1\n:{p}", " 127.0.0.1:{p}", "127.0.0.1:{p}%20",
        "127.0.0.1\0:{p}", "127.0.0.1\0good.com:{p}", "127.0.0.1:0{p}", "127.0.0.1:+{p}", "127.0.0.1:{p}:80", "127.0.0.1%00.good.com:{p}", "[127.0.0.1]:{p}", "[::1:{p}", "::1:{p}", "good.com:80@127.0.0.1:{p}@good.com",
        "127.0.0.1:22", "127.0.0.1:25", "127.0.0.1:5432", "127.0.0.1:6379", "good.com:0", "good.com:70000", "good.com:22",
        // Look like the sentinel's port, or no port at all.
        "127.0.0.1", "[::1]", "127.0.0.1:", "localhost:",
    ];

    static IEnumerable<string> OtherForms() =>
    [
        "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{p}/_", "ftp://127.0.0.1:{p}/", "dict://127.0.0.1:{p}/", "ldap://127.0.0.1:{p}/", "ws://127.0.0.1:{p}/", "wss://127.0.0.1:{p}/", "tftp://127.0.0.1:{p}/",
        "net.tcp://127.0.0.1:{p}/", "net.pipe://127.0.0.1/", "unix:/var/run/docker.sock", "http+unix://%2fvar%2frun%2fdocker.sock/", "http://unix:/var/run/docker.sock:/", "data:text/plain,x", "javascript:alert(1)", "mailto:a@127.0.0.1",
        "jar:http://127.0.0.1:{p}!/", "url:http://127.0.0.1:{p}/", "view-source:http://127.0.0.1:{p}/", "http:http://127.0.0.1:{p}/", "//127.0.0.1:{p}/", "///127.0.0.1:{p}/", "http:127.0.0.1:{p}/", "http:/127.0.0.1:{p}/", "http:///127.0.0.1:{p}/",
        "http:////127.0.0.1:{p}/", "http:\\\\127.0.0.1:{p}\\", "http:/\\127.0.0.1:{p}/", "\\\\127.0.0.1\\share", "\\\\?\\UNC\\127.0.0.1\\share", "HTTP://LOCALHOST:{p}/", "hTtP://127.0.0.1:{p}/", "http://127.0.0.1:{p}", " http://127.0.0.1:{p}/",
        "\thttp://127.0.0.1:{p}/", "ht\ntp://127.0.0.1:{p}/", "http://127.0.0.1:{p}/\r\nHost: good.com", "127.0.0.1:{p}", "localhost:{p}", "/etc/passwd", "//", "http://", "http://:{p}/", "http://?", "http://#", "http://%/", "http://./", "http://../", "",
    ];

    static string Write(string dotted, char zero) => string.Concat(dotted.Select(c => char.IsAsciiDigit(c) ? (char)(zero + (c - '0')) : c));

    static string Circled(string dotted) => string.Concat(dotted.Select(c => c == '0' ? '⓪' : char.IsAsciiDigit(c) ? (char)('①' + (c - '1')) : c));
}
