using System.Net.Sockets;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;
using MailKit;
using MailKit.Net.Smtp;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary>The ways in which a message is not sent, with their codes, classes and sentences.</summary>
static class SmtpErrors
{
    /// <param name="hasBegun">The message itself was under way.</param>
    /// <returns>Null for what is a mistake of ours, which must surface as an exception.</returns>
    public static SkillError? From(Exception exception, bool timedOut, bool hasBegun) => exception switch
    {
        EgressRefusedException refused => new(refused.Code, refused.Message, SkillErrorClass.Egress, Retryable: false),
        SmtpCommandException { StatusCode: var status } said => Status((int)status, said.Message),
        MailKit.Security.AuthenticationException or MailKit.Security.SaslException => Credential("The server does not accept the credential."),
        // The client would offer the credential by no way that the server knows.
        NotSupportedException => Credential("The server accepts no credential of this kind."),
        // After a second try there might be two of it: that is for a person, or a graph, to decide.
        OperationCanceledException or IOException or ProtocolException or SocketException when hasBegun => new(
            "email_unconfirmed", "The connection ended after the message was handed over and before the server confirmed it: it may have been sent.", SkillErrorClass.InvalidResponse, Retryable: false),
        OperationCanceledException => new("timeout", timedOut ? "The message could not be handed over in time." : "The server did not answer in time.", SkillErrorClass.Timeout, Retryable: true),
        System.Security.Authentication.AuthenticationException => Network("tls_failed", "No trusted TLS connection to the server could be made.") with { Retryable = false },
        HttpRequestException => Network("name_not_resolved", "The host's name could not be resolved."),
        SocketException => Network("connection_failed", "The server could not be reached."),
        ProtocolException said => Network("smtp_protocol", $"The conversation with the server failed: {SmtpCall.Told(said.Message)}"),
        IOException => Network("connection_broken", "The connection ended before the message was handed over."),
        _ => null,
    };

    /// <summary>4xx of SMTP is "later", 5xx is "never": the other way round than HTTP counts.</summary>
    static SkillError Status(int status, string message) => new(
        "smtp_status",
        $"The server answered with status {status}.",
        status < 500 ? SkillErrorClass.ServerStatus : SkillErrorClass.ClientStatus,
        Retryable: status < 500,
        Detail: JsonSerializer.SerializeToElement(new { status, message = SmtpCall.Told(message) }));

    static SkillError Credential(string message) => new("credential_refused", message, SkillErrorClass.Credential, Retryable: false);

    static SkillError Network(string code, string message) => new(code, message, SkillErrorClass.Network, Retryable: true);
}
