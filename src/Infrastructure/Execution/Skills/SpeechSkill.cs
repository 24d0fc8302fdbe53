using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>speech</c>: a text, said aloud by a service of the registry.</summary>
sealed class SpeechSkill(MediaCall media) : IEffectfulSkill
{
    const string DefaultModel = "sandbox/speech";

    public string Handles => "builtin/speech";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var with = call.With;
        if (with.Text("text") is not { Length: > 0 } text)
        {
            return Arguments.Refused("There is nothing to say: give a text.");
        }

        var question = new SpeechQuestion(call.TenantId, with.Text("model") ?? DefaultModel, call.EffectKey, text)
        {
            Voice = with.Text("voice"),
            Language = with.Text("language"),
            Speed = with.Value("speed") is { Kind: DatumKind.Number } speed ? speed.GetDouble() : null,
        };
        question = with.Text("format") is { } format ? question with { Format = format } : question;
        question = with.Value("bit_rate") is { Kind: DatumKind.Number } rate ? question with { BitRate = (int)rate.GetDouble() } : question;
        return await media.Make(call, "audio", question, ct);
    }
}
