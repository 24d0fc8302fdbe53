using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Calls language models of all vendors: finds the service and the credential, keeps to its limits, tries again by class of error, goes over to the next model where
/// that helps, and prices what was used.
/// </summary>
public interface IModels
{
    /// <summary>One question, one answer: no tool is executed here. Whatever the vendor does, the outcome is an answer; only the caller's own cancellation is thrown,
    /// as <see cref="CallAbortedException"/> when the question had cost something by then.</summary>
    /// <remarks>
    /// Tool calls come back as the model made them, at most 128: names that were not offered too, and arguments that are no JSON object as
    /// <see cref="FunctionCallContent.Exception"/>, so that the model can be told. Twice the same id, or arguments past 1 MiB or depth 32, is an error.
    /// </remarks>
    Task<ModelAnswer> Ask(ModelQuestion question, CancellationToken ct);

    /// <summary>The most that the question can cost, whichever of its models answers: what is set aside before it is asked.</summary>
    ValueTask<ModelQuote> Quote(ModelQuestion question, CancellationToken ct);
}

/// <param name="Service">The dearest of the models, or the first without a price.</param>
/// <param name="Micros">For its input, estimated, and the longest answer that it may give; 0 where all are free, null where nobody knows what <paramref name="Service"/> costs.</param>
public sealed record ModelQuote(string Service, long? Micros);

/// <param name="Models"><c>vendor/service</c>, the first choice first, then those to fall back to.</param>
/// <param name="Options">Temperature, limits, tools as declarations (<see cref="AIFunctionDeclaration"/>), the format of the answer; its <c>ModelId</c> is not read.</param>
/// <param name="EffectKey">The same for every attempt, sent where a vendor honours it.</param>
/// <param name="OnText">Told each piece of text as it comes; the answer is streamed from the vendor only where somebody listens.</param>
public sealed record ModelQuestion(
    Guid TenantId, IReadOnlyList<string> Models, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, string EffectKey,
    string? Credential = null, Guid? AgentId = null, Guid? UserId = null, Action<string>? OnText = null);

/// <param name="Response">Null where <paramref name="Error"/> says why.</param>
/// <param name="Model">The model that answered, or was asked last.</param>
/// <param name="Usage">Of every service that was called, also in vain.</param>
/// <param name="IsSimulated">The sandbox vendor answered.</param>
public sealed record ModelAnswer(ChatResponse? Response, SkillError? Error, string Model, IReadOnlyList<SkillUsage> Usage, bool IsSimulated = false);
