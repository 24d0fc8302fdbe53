using System.Text;
using System.Text.Json;
using AgentPlatform.Infrastructure.Shared.Egress;
using AgentPlatform.Integration.Integrations;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace AgentPlatform.Integration.Execution.Mail;

[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class SendEmailTests
{
    /// <summary>Before anybody asks for anything, and then whatever else is sent is private.</summary>
    static readonly string[] Harmless = ["EHLO", "STARTTLS", "QUIT", "RSET"];

    TestApp app = null!;

    [OneTimeSetUp]
    public async Task Start() => app = await TestApp.Start(services: services => services.AddSingleton(new GuardedTls([SmtpPeer.Root])));

    [OneTimeTearDown]
    public ValueTask Stop() => app?.DisposeAsync() ?? default;

    [TestCase("tls")]
    [TestCase("starttls")]
    [TestCase("none")]
    public async Task A_message_arrives_with_everything_that_it_has(string encryption)
    {
        await using var peer = new SmtpPeer { IsTls = encryption == "tls", OffersStartTls = encryption == "starttls" };
        var tenant = await app.Tenant();
        var password = await Credential(tenant, peer, encryption);
        var run = await tenant.Http.RunOnce(Sending($$"""
            "to": ["Ann <ann@example.com>", "bob@example.org"], "cc": "Çem <cem@example.com>", "bcc": "dora@example.com", "reply_to": "help@example.com",
            "subject": "Grüße 🎉", "text": "Hello\n.\nfrom us", "html": "<p>Hello</p>",
            "attachments": [{ "name": "a/b.csv", "content": "{{Convert.ToBase64String("x,y"u8)}}", "content_type": "text/csv" }]
            """));

        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
        var mail = peer.Mails.Single();
        Assert.Multiple(() =>
        {
            Assert.That(mail.Credential, Is.EqualTo($"\0robot@example.com\0{password}"));
            Assert.That(mail.From, Does.StartWith("MAIL FROM:<robot@example.com>"));
            Assert.That(mail.To, Is.EqualTo(new[] { "ann@example.com", "bob@example.org", "cem@example.com", "dora@example.com" }));
            Assert.That(mail.Text, Does.Not.Contain("dora"), "who gets it in secret is in the envelope only");
            Assert.That(mail.Message.Subject, Is.EqualTo("Grüße 🎉"));
            Assert.That(mail.Message.To.ToString(), Is.EqualTo("\"Ann\" <ann@example.com>, bob@example.org"));
            Assert.That(mail.Message.Cc.Mailboxes.Single().Name, Is.EqualTo("Çem"));
            Assert.That(mail.Message.ReplyTo.ToString(), Is.EqualTo("help@example.com"));
            Assert.That(mail.Message.TextBody!.ReplaceLineEndings("\n").TrimEnd(), Is.EqualTo("Hello\n.\nfrom us"));
            Assert.That(mail.Message.HtmlBody, Is.EqualTo("<p>Hello</p>"));
            Assert.That(mail.Message.Attachments.OfType<MimePart>().Select(part => part.FileName), Is.EqualTo(new[] { "a_b.csv" }));
            Assert.That(run.GetProperty("output").GetProperty("sent").GetProperty("message_id").GetString(), Is.EqualTo(mail.Message.MessageId).And.EndsWith("@example.com"));
            Assert.That(run.GetProperty("output").GetProperty("sent").GetProperty("accepted").GetArrayLength(), Is.EqualTo(4));
            Assert.That(peer.Lines.First(), Is.EqualTo("EHLO [127.0.0.1]"));
        });
    }

    [Test]
    public async Task A_second_attempt_carries_the_same_message_id()
    {
        var ids = new List<string>();
        await using var peer = new SmtpPeer { IsTls = true, Instead = (number, command) => number == 1 && command == "RCPT" ? "451 greylisted, come back" : null };
        var tenant = await app.Tenant();
        await Credential(tenant, peer, "tls");
        var agent = await tenant.Http.Agent(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\"", """, "retry": { "max_attempts": 2, "initial": "1ms", "on": ["5xx"] }"""));

        foreach (var _ in new[] { 1, 2 })
        {
            var run = await tenant.Http.Run(agent);
            Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
            ids.Add(run.GetProperty("output").GetProperty("sent").GetProperty("message_id").GetString()!);
        }

        Assert.That(peer.Connections, Is.EqualTo(3));
        Assert.That(peer.Mails.Select(mail => mail.Message.MessageId), Is.EqualTo(ids));
        Assert.That(ids, Is.Unique, "another step is another message");
    }

    [TestCase("mail", "", "email_unconfirmed")]
    [TestCase("mail", "451 later", "smtp_status")]
    [TestCase("RCPT", "550 no such person", "smtp_status")]
    [TestCase("MAIL", "421 closing", "smtp_status")]
    [TestCase("AUTH", "535 wrong", "credential_refused")]
    [TestCase("greeting", "554 go away", "smtp_status")]
    [TestCase("greeting", "HTTP/1.1 200 OK", "smtp_protocol")]
    [TestCase("EHLO", "", "smtp_protocol")]
    public async Task Says_what_went_wrong_and_sends_nothing_twice(string when, string said, string code)
    {
        await using var peer = new SmtpPeer { IsTls = true, Instead = (_, command) => command == when ? said : null };
        var tenant = await app.Tenant();
        await Credential(tenant, peer, "tls");

        var run = await tenant.Http.RunOnce(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\"", """, "retry": { "max_attempts": 2, "initial": "1ms", "on": ["network", "timeout", "invalid_response"] }"""));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code), run.GetRawText());
        Assert.That(peer.Mails, Is.Empty);
        Assert.That(peer.Connections, Is.EqualTo(code == "smtp_protocol" ? 2 : 1), "only what surely was not sent is tried again");
    }

    [Test]
    public async Task A_server_that_tells_the_password_back_tells_it_to_nobody()
    {
        string? password = null;
        await using var peer = new SmtpPeer { IsTls = true, Instead = (_, command) => command == "RCPT" ? $"550 you are {password}, {Convert.ToBase64String(Encoding.UTF8.GetBytes(password!))}" : null };
        var tenant = await app.Tenant();
        password = await Credential(tenant, peer, "tls");

        var run = await tenant.Http.RunOnce(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\""));

        Assert.That(run.GetProperty("error").GetRawText(), Does.Contain("***").And.Not.Contain(password).And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes(password))));
    }

    [TestCase(false, false, null, "smtp_protocol", TestName = "Nothing secret is said when the offer to encrypt is missing")]
    [TestCase(true, true, null, "tls_failed", TestName = "Nothing secret is said to a server that nobody vouches for")]
    [TestCase(true, false, "250 injected", "tls_failed", TestName = "What is slipped in before the encryption is no answer")]
    public async Task Nothing_secret_is_said_in_clear(bool offers, bool stranger, string? slipped, string code)
    {
        await using var peer = new SmtpPeer { OffersStartTls = offers, IsStranger = stranger, Instead = (_, command) => command == "behind STARTTLS" ? slipped : null };
        var tenant = await app.Tenant();
        await Credential(tenant, peer, "starttls");

        var run = await tenant.Http.RunOnce(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\""));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code).Or.EqualTo("connection_broken"), run.GetRawText());
        Assert.That(peer.Lines.Select(line => line.Split(' ')[0]), Is.SubsetOf(Harmless));
    }

    [Test]
    public async Task A_server_that_never_stops_talking_is_left()
    {
        await using var peer = new SmtpPeer { IsTls = true, Instead = (_, command) => command == "greeting" ? string.Concat(Enumerable.Repeat("220-and another thing\r\n", 100_000)) + "220 done" : null };
        var tenant = await app.Tenant();
        await Credential(tenant, peer, "tls");

        var run = await tenant.Http.RunOnce(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\""));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.AnyOf("connection_broken", "smtp_protocol"), run.GetRawText());
        Assert.That(peer.Mails, Is.Empty);
    }

    [TestCase("\"subject\": \"Hi\\r\\nBcc: eve@example.com\"")]
    [TestCase("\"subject\": \"Hi\\nX: y\"")]
    [TestCase("\"subject\": \"Hi\\u2028there\"")]
    [TestCase("\"cc\": \"ann@example.com\\r\\nRCPT TO:<eve@example.com>\"")]
    [TestCase("\"cc\": \"ann@example.com, eve@example.com\"")]
    [TestCase("\"cc\": \"\\\"a b\\\"@example.com\"")]
    [TestCase("\"cc\": \"<@relay.example.com:ann@example.com>\"")]
    [TestCase("\"cc\": \"ann\"")]
    [TestCase("\"cc\": \"ann@[127.0.0.1]\"")]
    [TestCase("\"cc\": \"ann@example.com> SIZE=1\"")]
    [TestCase("\"cc\": [\"Team: ann@example.com;\"]")]
    [TestCase("\"cc\": [5]")]
    [TestCase("\"from\": \"Eve\\r\\nSender: x@example.com <eve@example.com>\"")]
    [TestCase("\"reply_to\": \"a@example.com\\nX: y\"")]
    [TestCase("\"attachments\": [{ \"name\": \"a\\r\\nX: y\", \"content\": \"\" }]")]
    [TestCase("\"attachments\": [{ \"name\": \"a\", \"content\": \"\", \"content_type\": \"text/plain\\r\\nX: y\" }]")]
    [TestCase("\"attachments\": [{ \"name\": \"a\", \"content\": \"not base64!\" }]")]
    [TestCase("\"attachments\": [{ \"name\": \"a\", \"content\": \"\", \"content_type\": \"message/rfc822\" }]")]
    public async Task Refuses_what_would_change_the_message(string more)
    {
        await using var peer = new SmtpPeer { IsTls = true };
        var tenant = await app.Tenant();
        await Credential(tenant, peer, "tls");
        // By the input, past what is checked when the agent is written.
        var members = JsonDocument.Parse($$"""{ {{more}} }""").RootElement;
        var names = string.Join(", ", members.EnumerateObject().Select(member => $"\"{member.Name}\": \"=input.{member.Name}\""));

        var run = await tenant.Http.RunOnce(Sending($"\"to\": \"ann@example.com\", \"text\": \"Hi\", {names}"), JsonSerializer.Serialize(new { input = members }));

        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("failed"), run.GetRawText());
        Assert.That(peer.Connections, Is.Zero);
    }

    [TestCase("""{ "host": "169.254.169.254" }""", """["169.254.169.254"]""", "address_not_allowed")]
    [TestCase("""{ "host": "2852039166" }""", """["169.254.169.254"]""", "invalid_url")]
    [TestCase("""{ "host": "mail.example.com", "port": "25" }""", """["mail.example.com"]""", "port_not_allowed")]
    [TestCase("""{ "host": "mail.example.com", "port": "5432" }""", """["mail.example.com"]""", "port_not_allowed")]
    [TestCase("""{ "host": "mail.example.com", "encryption": "none" }""", """["mail.example.com"]""", "credential_unencrypted")]
    [TestCase("""{ "host": "mail.example.com" }""", """["other.example.com"]""", "credential_host")]
    [TestCase("""{ "host": "mail.example.com/x" }""", """["mail.example.com"]""", "credential_unusable")]
    [TestCase("""{ "host": "user@mail.example.com" }""", """["mail.example.com"]""", "userinfo_not_allowed")]
    [TestCase("""{ "host": "mail.example.com", "port": "0" }""", """["mail.example.com"]""", "credential_unusable")]
    [TestCase("""{ "host": "mail.example.com", "encryption": "maybe" }""", """["mail.example.com"]""", "credential_unusable")]
    [TestCase("""{ }""", """["mail.example.com"]""", "credential_unusable")]
    public async Task Goes_only_where_a_credential_of_mail_may_go(string place, string hosts, string code)
    {
        var tenant = await app.Tenant();
        var secret = JsonSerializer.Deserialize<Dictionary<string, string>>(place)!;
        (secret["username"], secret["password"]) = ("robot@example.com", Credentials.Random());
        await tenant.Http.Credential(new { name = "mail", integration = "smtp", secret, allowed_hosts = JsonSerializer.Deserialize<string[]>(hosts) });

        var run = await tenant.Http.RunOnce(Sending("\"to\": \"ann@example.com\", \"text\": \"Hi\""));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo(code), run.GetRawText());
    }

    static string Sending(string with, string more = "") => $$"""
        { "nodes": [{ "id": "send", "skill": "send_email", "with": { {{with}} }{{more}} }], "output": { "sent": "=send" } }
        """;

    /// <returns>The password.</returns>
    static async Task<string> Credential(TestTenant tenant, SmtpPeer peer, string encryption)
    {
        var password = Credentials.Random();
        await tenant.Http.Credential(new
        {
            name = "mail",
            integration = "smtp",
            secret = new { username = "robot@example.com", password, host = "127.0.0.1", port = peer.Port.ToString(provider: null), encryption },
            allowed_hosts = new[] { $"127.0.0.1:{peer.Port}" },
        });
        return password;
    }
}
