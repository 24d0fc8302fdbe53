using System.Text;
using MailKit.Net.Smtp;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary>
/// Asks a mail server to go on encrypted. It is done here and not by the client, which would fetch what a certificate names. Answers are read byte by byte: what somebody slips
/// in behind the last one is then no answer, but breaks the handshake.
/// </summary>
static class StartTls
{
    const int MaxLine = 1024;
    const int MaxLines = 100;

    /// <exception cref="SmtpProtocolException">The server does not talk so, or offers no encryption.</exception>
    public static async Task Ask(Stream plain, string us, CancellationToken ct)
    {
        await Expect(plain, 220, ct);
        await Say(plain, $"EHLO {us}", ct);
        var offers = await Expect(plain, 250, ct);
        if (!offers.Exists(offer => offer.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase)))
        {
            throw new SmtpProtocolException("The server offers no STARTTLS.");
        }

        await Say(plain, "STARTTLS", ct);
        await Expect(plain, 220, ct);
    }

    static async Task Say(Stream plain, string line, CancellationToken ct) => await plain.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);

    static async Task<List<string>> Expect(Stream plain, int code, CancellationToken ct)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await Line(plain, ct);
            if (line.Length < 3 || line[..3] != code.ToString(provider: null) || (line.Length > 3 && line[3] is not (' ' or '-')))
            {
                throw new SmtpProtocolException($"The server did not answer with {code}.");
            }

            lines.Add(line.Length > 4 ? line[4..].Trim() : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return lines;
            }
        }

        throw new SmtpProtocolException("The server's answer has too many lines.");
    }

    static async Task<string> Line(Stream plain, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < MaxLine)
        {
            if (await plain.ReadAsync(one, ct) == 0)
            {
                throw new SmtpProtocolException("The server ended the connection.");
            }

            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        throw new SmtpProtocolException("The server's answer has too long a line.");
    }
}
