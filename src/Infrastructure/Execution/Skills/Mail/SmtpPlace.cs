using System.Globalization;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

enum SmtpEncryption
{
    /// <summary>Asked for in clear, and refused to go on without.</summary>
    StartTls,

    /// <summary>From the first byte.</summary>
    Tls,

    /// <summary>Only in a network that the operator opened.</summary>
    None,
}

/// <summary>Where a credential's mail goes, and how: its fields <c>host</c>, <c>port</c>, <c>encryption</c> and <c>from</c>.</summary>
sealed record SmtpPlace(string Host, int Port, SmtpEncryption Encryption, string? DefaultSender, Secret Secret)
{
    const int DefaultPort = 465;

    /// <summary>Of submission. Port 25 is between servers: who wants it opens the host.</summary>
    static readonly int[] Ports = [465, 587, 2465, 2525, 2587];

    public static (SmtpPlace? Place, SkillError? Error) Of(Secret secret, EgressPolicy policy)
    {
        if (secret.Fields.GetValueOrDefault("host") is not { Length: > 0 } text)
        {
            return (null, Unusable(secret, "names no host"));
        }

        if (!int.TryParse(secret.Fields.GetValueOrDefault("port") ?? DefaultPort.ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65_535)
        {
            return (null, Unusable(secret, "names no valid port"));
        }

        SmtpEncryption? encryption = secret.Fields.GetValueOrDefault("encryption") switch
        {
            null => port is 465 or 2465 ? SmtpEncryption.Tls : SmtpEncryption.StartTls,
            "tls" => SmtpEncryption.Tls,
            "starttls" => SmtpEncryption.StartTls,
            "none" => SmtpEncryption.None,
            _ => null,
        };
        if (encryption is not { } kind)
        {
            return (null, Unusable(secret, "names an encryption that is none of tls, starttls and none"));
        }

        try
        {
            // As hosts in URLs are read and refused, so that no spelling is a way around; the port is a matter of its own.
            var url = EgressUrl.Parse($"{(kind is SmtpEncryption.None ? "http" : "https")}://{(text.Contains(':', StringComparison.Ordinal) ? $"[{text}]" : text)}/", policy);
            if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0 || !url.IsDefaultPort)
            {
                return (null, Unusable(secret, "names a host that is more than a host"));
            }

            var host = url.IdnHost.Trim('[', ']');
            var isListed = policy.IsListed(host);
            if (!isListed && !Ports.Contains(port))
            {
                return (null, new SkillError(EgressRefusal.PortNotAllowed, $"Port {port} of {host} is not for sending mail and cannot be called.", SkillErrorClass.Egress, Retryable: false));
            }

            return secret.Refusal(new UriBuilder(url) { Port = port }.Uri, isListed) is { } refusal
                ? (null, refusal)
                : (new SmtpPlace(host, port, kind, secret.Fields.GetValueOrDefault("from") ?? secret.Fields.GetValueOrDefault("username"), secret), null);
        }
        catch (EgressRefusedException e)
        {
            return (null, new SkillError(e.Code, e.Message, SkillErrorClass.Egress, Retryable: false));
        }
    }

    public override string ToString() => $"{Host}:{Port}";

    static SkillError Unusable(Secret secret, string why) =>
        new("credential_unusable", $"The credential {secret.Name} {why}.", SkillErrorClass.Credential, Retryable: false);
}
