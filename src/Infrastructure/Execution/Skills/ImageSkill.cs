using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>image</c>: a picture of what a text says, made by a service of the registry.</summary>
sealed class ImageSkill(MediaCall media) : IEffectfulSkill
{
    const string DefaultModel = "sandbox/image";

    public string Handles => "builtin/image";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var with = call.With;
        if (with.Text("prompt") is not { Length: > 0 } prompt)
        {
            return Arguments.Refused("There is nothing to draw: give a prompt.");
        }

        var question = new ImageQuestion(call.TenantId, with.Text("model") ?? DefaultModel, call.EffectKey, prompt)
        {
            NegativePrompt = with.Text("negative_prompt"),
            Style = with.Text("style"),
        };
        question = with.Text("aspect_ratio") is { } ratio ? question with { AspectRatio = ratio } : question;
        question = with.Text("format") is { } format ? question with { Format = format } : question;
        return await media.Make(call, "image", question, ct);
    }
}
