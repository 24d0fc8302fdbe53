using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary><c>send_email</c>: one message, by the SMTP server that the credential names. Its Message-ID is the same for every attempt of the step.</summary>
sealed class SendEmailSkill(SmtpCall smtp, ICredentials credentials) : IEffectfulSkill
{
    const string Integration = "smtp";

    public string Handles => "builtin/send_email";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var (secret, refusal) = await credentials.Find(new CredentialQuery(call.TenantId, call.Node.Credential, Integration: Integration, AgentId: call.AgentId, UserId: call.UserId), ct);
        if (secret is null)
        {
            return refusal!;
        }

        var (place, fault) = SmtpPlace.Of(secret, smtp.Policy);
        if (place is null)
        {
            return fault!;
        }

        var (email, problem) = Email.Read(call.With.ToJsonElement(), place.DefaultSender, call.EffectKey);
        if (email is null)
        {
            return Arguments.Refused(problem!);
        }

        using (email)
        {
            return await smtp.Send(place, email, ct);
        }
    }
}
