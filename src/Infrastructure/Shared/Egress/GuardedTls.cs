using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>How outgoing connections are encrypted. To judge a certificate nothing is fetched: it names the addresses of its issuer, of lists and of responders
/// itself, and the framework would ask there, past the guard, wherever a hostile server wrote that they were.</summary>
/// <param name="roots">Trusted instead of the machine's own: for tests.</param>
public sealed class GuardedTls(X509Certificate2Collection? roots = null)
{
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <param name="host">Whom the certificate must name; null where the caller's client says it.</param>
    public SslClientAuthenticationOptions OptionsFor(string? host) => new()
    {
        TargetHost = host,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Policy(),
    };

    /// <summary>Encrypts a connection. The given stream belongs to the one that is returned.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server does not show that it is <paramref name="host"/>.</exception>
    public async Task<Stream> Secure(Stream plain, string host, CancellationToken ct)
    {
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(OptionsFor(host), ct);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }
}
