using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Media;

/// <summary>How much of a service a question takes, at most: what is set aside before, and what is billed where nobody says better.</summary>
/// <param name="Units">Characters or images.</param>
sealed record MediaAmount(long Prompt, long Completion, long Units)
{
    public static MediaAmount Of(VendorService service, MediaQuestion question) =>
        question is SpeechQuestion speech ? new(0, 0, Characters(speech.Text))
        : IsSoldByUnit(service) ? new(0, 0, 1)
        : new(Tokens.Count(Text(question)), service.MaxOutput ?? ModelLimits.OutputWhereUnknown, 1);

    /// <summary>A character, or an image, has its price, and nothing else.</summary>
    public static bool IsSoldByUnit(VendorService service) => service.Capabilities.TryGetProperty("unit", out _);

    /// <summary>Why the service does not take so much text at once; null when it does.</summary>
    public static SkillError? Refusal(VendorService service, MediaQuestion question) =>
        service.Capabilities.TryGetProperty("max_characters", out var limit) && limit.TryGetInt64(out var most) && Characters(Text(question)) is var length && length > most
            ? new SkillError("text_too_long", $"{service.Id} takes at most {most} characters at once; these are {length}.", SkillErrorClass.InvalidInput, Retryable: false)
            : null;

    static string Text(MediaQuestion question) => question switch
    {
        SpeechQuestion speech => speech.Text,
        ImageQuestion image => image.Prompt,
        _ => "",
    };

    /// <summary>As vendors count them: an emoji is one.</summary>
    static long Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
