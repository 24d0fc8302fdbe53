using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace AgentPlatform.Integration.Execution.Mail;

/// <summary>A mail that somebody handed over.</summary>
sealed record Delivery(string Credential, string From, IReadOnlyList<string> To, string Text, MimeMessage Message);

/// <summary>A mail server on the loopback that speaks as it is told, also wrongly.</summary>
sealed class SmtpPeer : IAsyncDisposable
{
    static readonly Lazy<X509Certificate2> Authority = new(MakeAuthority);

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Task serving;
    int connections;

    public SmtpPeer()
    {
        listener.Start();
        serving = Serve();
    }

    /// <summary>What clients of this server have to trust.</summary>
    public static X509Certificate2 Root => X509CertificateLoader.LoadCertificate(Authority.Value.Export(X509ContentType.Cert));

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>From the first byte; else it offers STARTTLS.</summary>
    public bool IsTls { get; init; }

    public bool OffersStartTls { get; init; } = true;

    /// <summary>Issued by somebody whom nobody knows.</summary>
    public bool IsStranger { get; init; }

    /// <summary>Given the number of the connection and a command, what is answered instead of what is usual; "" ends the connection, null is usual.</summary>
    public Func<int, string, string?> Instead { get; init; } = (_, _) => null;

    /// <summary>Every line that came in, but of the mails.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<Delivery> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving;
        stop.Dispose();
    }

    async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await Talk(client, Interlocked.Increment(ref connections));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    async Task Talk(TcpClient client, int number)
    {
        Stream wire = client.GetStream();
        try
        {
            wire = IsTls ? await Encrypt(wire) : wire;
            await Conversation(wire, number);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Whoever called is gone, or does not trust this server.
        }
        finally
        {
            await wire.DisposeAsync();
        }
    }

    async Task Conversation(Stream wire, int number)
    {
        var (credential, from, to) = ("", "", new List<string>());
        var isEncrypted = IsTls;
        await Say(wire, Instead(number, "greeting") ?? "220 peer ESMTP");
        while (await Line(wire) is { } line)
        {
            Lines.Enqueue(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (Instead(number, verb))
            {
                case "":
                    return;
                case { } other:
                    await Say(wire, other);
                    continue;
            }

            switch (verb)
            {
                case "EHLO":
                    await Say(wire, $"250-peer\r\n{(!isEncrypted && OffersStartTls ? "250-STARTTLS\r\n" : "")}250-AUTH PLAIN LOGIN\r\n250-PIPELINING\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    // In one piece with what follows, as somebody in the middle would slip it in.
                    await Say(wire, Instead(number, "behind STARTTLS") is { } slipped ? $"220 go\r\n{slipped}" : "220 go");
                    wire = await Encrypt(wire);
                    isEncrypted = true;
                    break;
                case "AUTH":
                    credential = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                    await Say(wire, "235 welcome");
                    break;
                case "MAIL":
                    from = line;
                    await Say(wire, "250 ok");
                    break;
                case "RCPT":
                    to.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                    await Say(wire, "250 ok");
                    break;
                case "DATA":
                    await Say(wire, "354 go on");
                    var text = await Mail(wire);
                    if (Instead(number, "mail") is { } said)
                    {
                        if (said.Length == 0)
                        {
                            return;
                        }

                        await Say(wire, said);
                        break;
                    }

                    using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(text)))
                    {
                        Mails.Enqueue(new Delivery(credential, from, to, text, await MimeMessage.LoadAsync(stream)));
                    }

                    await Say(wire, "250 queued as 1");
                    break;
                case "QUIT":
                    await Say(wire, "221 bye");
                    return;
                default:
                    await Say(wire, "250 ok");
                    break;
            }
        }
    }

    static async Task<string> Mail(Stream wire)
    {
        var text = new StringBuilder();
        while (await Line(wire) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return text.ToString();
    }

    static async Task Say(Stream wire, string text)
    {
        await wire.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"));
        await wire.FlushAsync();
    }

    static async Task<string?> Line(Stream wire)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await wire.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r');
            }

            bytes.Add(one[0]);
        }

        return null;
    }

    async Task<Stream> Encrypt(Stream wire)
    {
        var secure = new SslStream(wire);
        using var stranger = IsStranger ? MakeAuthority() : null;
        using var certificate = Issue(stranger ?? Authority.Value);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true) });
        return secure;
    }

    static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority of mail", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    static X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1), RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }
}
