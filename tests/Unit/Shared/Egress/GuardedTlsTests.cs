using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Unit.Shared.Egress;

public sealed class GuardedTlsTests
{
    /// <summary>A certificate whose issuer is not sent says where it is to be had, and where lists of revoked ones are: at an address of the server's choice.</summary>
    [Test]
    public void A_certificate_cannot_make_us_call_an_address()
    {
        using var sentinel = new Sentinel();
        using var authority = Authority();
        using var certificate = Issued(authority, $"http://127.0.0.1:{sentinel.Port}/ca.crt");
        using var server = new TlsServer(certificate);
        using var http = new GuardedHttp(new GuardedDialer(EgressPolicy.Create([], []), (_, _) => Task.FromResult(new[] { PlayedNetwork.PublicV4 }), server.Dial));
        using var client = http.CreateClient();

        Assert.That(() => client.GetAsync(new Uri("https://shop.example.com/")), Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<AuthenticationException>());

        Assert.That(server.Accepted, Is.EqualTo(1));
        Assert.That(sentinel.WasReached, Is.False);
    }

    /// <summary>Or the test above would prove nothing: this is what the framework does by itself.</summary>
    [Test]
    public async Task A_certificate_makes_others_call_an_address()
    {
        using var fetched = new TcpListener(IPAddress.Loopback, 0);
        fetched.Start();
        var called = fetched.AcceptTcpClientAsync();
        using var authority = Authority();
        using var certificate = Issued(authority, $"http://127.0.0.1:{((IPEndPoint)fetched.LocalEndpoint).Port}/ca.crt");
        using var server = new TlsServer(certificate);
        await using var secure = new SslStream(await server.Dial(new IPEndPoint(PlayedNetwork.PublicV4, 443), CancellationToken.None));

        var shaking = secure.AuthenticateAsClientAsync("shop.example.com");
        using (await called)
        {
            // Hangs up.
        }

        Assert.That(() => shaking, Throws.TypeOf<AuthenticationException>());
    }

    [TestCase("shop.example.com", true)]
    [TestCase("other.example.com", false)]
    public async Task Takes_a_certificate_of_a_trusted_authority_for_its_own_host_only(string host, bool taken)
    {
        using var authority = Authority();
        using var certificate = Issued(authority, "http://127.0.0.1:9/ca.crt");
        using var server = new TlsServer(certificate);
        var tls = new GuardedTls([X509CertificateLoader.LoadCertificate(authority.Export(X509ContentType.Cert))]);
        await using var plain = await server.Dial(new IPEndPoint(PlayedNetwork.PublicV4, 443), CancellationToken.None);

        if (taken)
        {
            await using var secure = await tls.Secure(plain, host, CancellationToken.None);
            Assert.That(secure, Is.InstanceOf<SslStream>().With.Property(nameof(SslStream.IsEncrypted)).True);
        }
        else
        {
            Assert.That(() => tls.Secure(plain, host, CancellationToken.None), Throws.TypeOf<AuthenticationException>());
        }
    }

    static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    static X509Certificate2 Issued(X509Certificate2 authority, string issuerAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("shop.example.com");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([issuerAt.Replace("ca.crt", "ocsp", StringComparison.Ordinal)], [issuerAt]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([issuerAt.Replace("ca.crt", "crl", StringComparison.Ordinal)]));
        using var bare = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1), [1, 2, 3, 4]);
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    sealed class TlsServer : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly Task serving;
        int accepted;

        public TlsServer(X509Certificate2 certificate)
        {
            listener.Start();
            serving = Serve(certificate);
        }

        public int Accepted => Volatile.Read(ref accepted);

        /// <summary>Whatever address is dialled leads here.</summary>
        public async ValueTask<Stream> Dial(IPEndPoint endpoint, CancellationToken ct)
        {
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, ct);
            return client.GetStream();
        }

        public void Dispose()
        {
            listener.Dispose();
            Assert.That(serving.IsFaulted, Is.False);
        }

        async Task Serve(X509Certificate2 certificate)
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await listener.AcceptTcpClientAsync();
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }

                Interlocked.Increment(ref accepted);
                using (client)
                {
                    await using var secure = new SslStream(client.GetStream());
                    try
                    {
                        // Offline, or this server itself would ask at the addresses.
                        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true) });
                        await secure.CopyToAsync(Stream.Null);
                    }
                    catch (Exception e) when (e is IOException or AuthenticationException)
                    {
                        // Whoever called does not trust us; that is what is tested.
                    }
                }
            }
        }
    }
}
