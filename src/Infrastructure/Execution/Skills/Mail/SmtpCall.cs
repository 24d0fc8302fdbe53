using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Egress;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary>Hands a message to a mail server: through the egress guard, encrypted before anything secret is said, in time. Whatever the server does, the outcome is a result.</summary>
sealed class SmtpCall(GuardedDialer dialer, GuardedTls tls, TimeProvider time)
{
    /// <summary>For everything together.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>RFC 5321, 4.1.4: who has no name of its own says an address; that of this machine is nobody's business.</summary>
    const string Us = "[127.0.0.1]";

    const int MaxTold = 500;

    static readonly byte[] Greeting = "220 ready\r\n"u8.ToArray();

    public EgressPolicy Policy => dialer.Policy;

    public async Task<SkillOutcome> Send(SmtpPlace place, Email email, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var progress = new Progress();
        try
        {
            using var client = new SmtpClient { LocalDomain = Us };
            await using var wire = await Connect(place, both.Token);
            await client.ConnectAsync(wire, place.Host, place.Port, SecureSocketOptions.None, both.Token);
            await Authenticate(client, place, both.Token);
            var said = await client.SendAsync(FormatOptions.Default, email.At(time.GetUtcNow()), email.Sender, email.Recipients, both.Token, progress);
            await Leave(client, both.Token);
            return Datum.From(JsonSerializer.SerializeToElement(new { message_id = email.MessageId, accepted = email.Recipients.Select(to => to.Address), response = Told(said) }));
        }
        catch (Exception e) when (!ct.IsCancellationRequested && SmtpErrors.From(e, limit.IsCancellationRequested, progress.HasBegun) is { } error)
        {
            return error;
        }
    }

    async Task<Stream> Connect(SmtpPlace place, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(ConnectPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var plain = new SmtpWire(await dialer.Connect(place.Host, place.Port, both.Token));
        try
        {
            switch (place.Encryption)
            {
                case SmtpEncryption.None:
                    return plain;
                case SmtpEncryption.StartTls:
                    await StartTls.Ask(plain, Us, both.Token);
                    return new SmtpWire(await tls.Secure(plain, place.Host, both.Token), Greeting);
                default:
                    return await tls.Secure(plain, place.Host, both.Token);
            }
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    static Task Authenticate(SmtpClient client, SmtpPlace place, CancellationToken ct)
    {
        var (user, fields) = (place.Secret.Fields.GetValueOrDefault("username") ?? place.DefaultSender ?? "", place.Secret.Fields);
        return place.Secret.AuthType == "oauth2"
            ? client.AuthenticateAsync(new SaslMechanismOAuth2(user, fields.GetValueOrDefault("access_token") ?? ""), ct)
            : client.AuthenticateAsync(user, fields.GetValueOrDefault("password") ?? place.Secret.Value ?? "", ct);
    }

    /// <summary>It is sent: how the conversation ends changes nothing.</summary>
    async Task Leave(SmtpClient client, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Farewell, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await client.DisconnectAsync(quit: true, both.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ProtocolException or CommandException)
        {
            // Nobody waits for a goodbye.
        }
    }

    internal static string Told(string text) => text.Length <= MaxTold ? text : text[..MaxTold];

    /// <summary>Whether the message itself is under way: from then on nobody knows what became of it until the server says so.</summary>
    sealed class Progress : ITransferProgress
    {
        public bool HasBegun { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => HasBegun = true;

        public void Report(long bytesTransferred) => HasBegun = true;
    }
}
