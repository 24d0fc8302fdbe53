using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary>A message that can be sent: what a node or a model gave, checked. Whatever stands in its header is one line.</summary>
sealed partial class Email : IDisposable
{
    public const int MaxRecipients = 100;
    public const int MaxAttachments = 10;

    /// <summary>Texts and attachments together, before they are encoded.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    const int MaxSubject = 900;
    const int MaxAddress = 320;

    /// <summary>Ends a line, or turns what follows around for whoever reads it.</summary>
    static readonly SearchValues<char> Breaking = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7f, 0x21).Select(c => (char)c), '\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e']);

    readonly MimeMessage message = new();
    readonly List<MailboxAddress> recipients = [];

    Email()
    {
    }

    public MailboxAddress Sender { get; private set; } = null!;

    /// <summary>Whom it goes to; those in <c>bcc</c> stand here and nowhere in the message.</summary>
    public IReadOnlyList<MailboxAddress> Recipients => recipients;

    public string MessageId => message.MessageId!;

    /// <param name="effectKey">What the Message-ID is made of.</param>
    /// <returns>The message; or what is wrong with it.</returns>
    public static (Email? Email, string? Problem) Read(JsonElement with, string? defaultSender, string effectKey)
    {
        var email = new Email();
        try
        {
            email.Fill(with, defaultSender, effectKey);
            return (email, null);
        }
        catch (FormatException e)
        {
            email.Dispose();
            return (null, e.Message);
        }
    }

    /// <summary>As it is sent at this time.</summary>
    public MimeMessage At(DateTimeOffset now)
    {
        message.Date = now;
        return message;
    }

    public void Dispose() => message.Dispose();

    void Fill(JsonElement with, string? defaultSender, string effectKey)
    {
        Sender = Address("from", Text(with, "from") ?? defaultSender ?? throw new FormatException("from is missing, and the credential names no sender."));
        message.From.Add(Sender);
        message.To.AddRange(Addresses(with, "to"));
        message.Cc.AddRange(Addresses(with, "cc"));
        message.ReplyTo.AddRange(Addresses(with, "reply_to"));
        recipients.AddRange(message.To.Concat(message.Cc).Cast<MailboxAddress>());
        recipients.AddRange(Addresses(with, "bcc"));
        if (recipients.Count is 0 or > MaxRecipients)
        {
            throw new FormatException($"to, cc and bcc name 1 to {MaxRecipients} addresses together.");
        }

        message.Subject = Line("subject", Text(with, "subject") ?? "", MaxSubject);
        message.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(effectKey)).AsSpan(0, 20))}@{Sender.Domain}";
        var body = new BodyBuilder { TextBody = Text(with, "text"), HtmlBody = Text(with, "html") };
        if (body.TextBody is null && body.HtmlBody is null)
        {
            throw new FormatException("A message has a text, an html, or both.");
        }

        var size = Encoding.UTF8.GetByteCount(body.TextBody ?? "") + Encoding.UTF8.GetByteCount(body.HtmlBody ?? "") + Attach(body, with);
        if (size > MaxBytes)
        {
            throw new FormatException($"Texts and attachments have at most {MaxBytes} bytes together.");
        }

        message.Body = body.ToMessageBody();
    }

    static int Attach(BodyBuilder body, JsonElement with)
    {
        if (Value(with, "attachments") is not { } list)
        {
            return 0;
        }

        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() > MaxAttachments)
        {
            throw new FormatException($"attachments is a list of at most {MaxAttachments}.");
        }

        var size = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Object || Text(item, "name") is not { Length: > 0 } name || Value(item, "content") is not { ValueKind: JsonValueKind.String } content || !content.TryGetBytesFromBase64(out var bytes))
            {
                throw new FormatException("An attachment has a name, and its content in base64.");
            }

            if (!ContentType.TryParse(Line("content_type", Text(item, "content_type") ?? "application/octet-stream", 200), out var type) || type.MediaType is "multipart" or "message")
            {
                throw new FormatException("The content_type of an attachment is one such as text/csv.");
            }

            body.Attachments.Add(Line("name", name, 255).Replace('/', '_').Replace('\\', '_'), bytes, type);
            size += bytes.Length;
        }

        return size;
    }

    static List<MailboxAddress> Addresses(JsonElement with, string name) => Value(with, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [Address(name, one.GetString()!)],
        { ValueKind: JsonValueKind.Array } many when many.GetArrayLength() <= MaxRecipients && many.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) =>
            [.. many.EnumerateArray().Select(item => Address(name, item.GetString()!))],
        _ => throw new FormatException($"{name} is an address, or a list of at most {MaxRecipients}."),
    };

    /// <summary><c>ann@example.com</c> or <c>Ann &lt;ann@example.com&gt;</c>. Quoted local parts and routes, which servers read in different ways, are none.</summary>
    static MailboxAddress Address(string name, string text)
    {
        Line(name, text, MaxAddress);
        return MailboxAddress.TryParse(text, out var mailbox) && Plain().IsMatch(mailbox.Address) && mailbox.Route.Count == 0 && Uri.CheckHostName(mailbox.Domain) is UriHostNameType.Dns
            ? mailbox
            : throw new FormatException($"{name} holds something that is no e-mail address.");
    }

    static string Line(string name, string text, int most) =>
        text.AsSpan().ContainsAny(Breaking) ? throw new FormatException($"{name} is one line, without control characters.")
        : text.Length > most ? throw new FormatException($"{name} has at most {most} characters.")
        : text;

    static JsonElement? Value(JsonElement with, string name) =>
        with.ValueKind is JsonValueKind.Object && with.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    static string? Text(JsonElement with, string name) => Value(with, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new FormatException($"{name} is a text."),
    };

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^@\s\[\]]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
