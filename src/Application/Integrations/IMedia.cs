using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Has speech and images made by services of the registry; with the same credentials, retries, breakers and prices as <see cref="IModels"/>, and without fallbacks:
/// another voice or another hand is another work.
/// </summary>
public interface IMedia
{
    /// <summary>At most this many bytes are made at once: as base64 they fit into a step's output, beside something else.</summary>
    const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Whatever the vendor does, the outcome is an answer; only the caller's own cancellation is thrown, as <see cref="CallAbortedException"/> when it had cost something by then.</summary>
    Task<MediaAnswer> Make(MediaQuestion question, CancellationToken ct);

    /// <summary>The most that it can cost: what is set aside before it is asked for.</summary>
    ValueTask<ModelQuote> Quote(MediaQuestion question, CancellationToken ct);
}

/// <param name="Model"><c>vendor/service</c>.</param>
/// <param name="EffectKey">The same for every attempt, sent where a vendor honours it.</param>
public abstract record MediaQuestion(Guid TenantId, string Model, string EffectKey)
{
    public string? Credential { get; init; }

    public Guid? AgentId { get; init; }

    public Guid? UserId { get; init; }

    /// <summary>The same seed makes nearly the same, where the service knows such a thing; 0 to 4 294 967 294.</summary>
    public long? Seed { get; init; }
}

public sealed record SpeechQuestion(Guid TenantId, string Model, string EffectKey, string Text) : MediaQuestion(TenantId, Model, EffectKey)
{
    /// <summary>As the vendor names it: letters, digits, hyphens and underscores; null: the vendor's default.</summary>
    public string? Voice { get; init; }

    /// <summary><c>mp3</c>, <c>opus</c> or <c>wav</c>.</summary>
    public string Format { get; init; } = "mp3";

    /// <summary>Of mp3 and opus, in kbit/s: 32, 64, 96, 128 or 192.</summary>
    public int BitRate { get; init; } = 64;

    /// <summary>ISO 639-1; null: as the text sounds.</summary>
    public string? Language { get; init; }

    /// <summary>1 is ordinary.</summary>
    public double? Speed { get; init; }
}

public sealed record ImageQuestion(Guid TenantId, string Model, string EffectKey, string Prompt) : MediaQuestion(TenantId, Model, EffectKey)
{
    /// <summary>What is not to be seen, where the service knows such a thing.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Width and height, for example <c>16:9</c>.</summary>
    public string AspectRatio { get; init; } = "1:1";

    /// <summary><c>jpeg</c>, <c>png</c> or <c>webp</c>.</summary>
    public string Format { get; init; } = "jpeg";

    /// <summary>One of the vendor's own styles.</summary>
    public string? Style { get; init; }
}

/// <param name="Made">Null where <paramref name="Error"/> says why.</param>
/// <param name="Usage">Tries in vain included.</param>
/// <param name="IsSimulated">The sandbox vendor made it.</param>
public sealed record MediaAnswer(MadeMedia? Made, SkillError? Error, string Model, IReadOnlyList<SkillUsage> Usage, bool IsSimulated = false);

/// <param name="MediaType">What the bytes are, whatever was asked for: <c>audio/mpeg</c>, <c>image/jpeg</c> and the like.</param>
public sealed record MadeMedia(byte[] Bytes, string MediaType);
