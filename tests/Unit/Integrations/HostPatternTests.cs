using AgentPlatform.Domain.Integrations;

namespace AgentPlatform.Unit.Integrations;

public sealed class HostPatternTests
{
    [TestCase("api.example.com")]
    [TestCase("*.example.com")]
    [TestCase("api.example.com:8443")]
    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:8080")]
    [TestCase("2001:db8::1")]
    [TestCase("[2001:db8::1]:8080")]
    [TestCase("build")]
    [TestCase("xn--bcher-kva.example")]
    public void Takes(string pattern) => Assert.That(HostPattern.IsValid(pattern));

    [TestCase("")]
    [TestCase("*")]
    [TestCase("*.com")]
    [TestCase("**.example.com")]
    [TestCase("api.*.com")]
    [TestCase("https://api.example.com")]
    [TestCase("api.example.com/path")]
    [TestCase("user@api.example.com")]
    [TestCase("API.example.com")]
    [TestCase("api.example.com.")]
    [TestCase("api.example.com:")]
    [TestCase("api.example.com:0")]
    [TestCase("api.example.com:65536")]
    [TestCase("api.example.com:080")]
    [TestCase("127.1")]
    [TestCase("0x7f000001")]
    [TestCase("bücher.example")]
    [TestCase("a b.example")]
    [TestCase("api.example.com\n")]
    public void Refuses(string pattern) => Assert.That(HostPattern.IsValid(pattern), Is.False);

    [TestCase("api.example.com", "https://api.example.com/x", true)]
    [TestCase("api.example.com", "https://API.EXAMPLE.com./x", true)]
    [TestCase("api.example.com", "https://api.example.com:8443/", true)]
    [TestCase("api.example.com:8443", "https://api.example.com:8443/", true)]
    [TestCase("api.example.com:8443", "https://api.example.com/", false)]
    [TestCase("api.example.com:443", "https://api.example.com/", true)]
    [TestCase("api.example.com", "https://api.example.com.evil.example/", false)]
    [TestCase("api.example.com", "https://evil.example/api.example.com", false)]
    [TestCase("api.example.com", "https://xapi.example.com/", false)]
    [TestCase("api.example.com", "https://example.com/", false)]
    [TestCase("*.example.com", "https://a.b.example.com/", true)]
    [TestCase("*.example.com", "https://example.com/", false)]
    [TestCase("*.example.com", "https://badexample.com/", false)]
    [TestCase("bücher.example", "https://xn--bcher-kva.example/", false)]
    [TestCase("xn--bcher-kva.example", "https://bücher.example/", true)]
    [TestCase("127.0.0.1", "http://127.0.0.1:5000/", true)]
    [TestCase("127.0.0.1", "http://127.0.0.2/", false)]
    [TestCase("2001:db8::1", "http://[2001:db8:0::1]/", true)]
    [TestCase("[2001:db8::1]:81", "http://[2001:db8::1]/", false)]
    public void Covers(string pattern, string url, bool covered) => Assert.That(HostPattern.Covers([pattern], new Uri(url)), Is.EqualTo(covered));
}
