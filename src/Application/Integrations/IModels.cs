using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Calls language models of all vendors: finds the service and the credential, keeps to its limits, tries again by class of error, goes over to the next model where
/// that helps, and prices what was used.
/// </summary>
public interface IModels
{
    /// <summary>One question, one answer: no tool is executed here. Whatever the vendor does, the outcome is an answer; only the caller's own cancellation is thrown.</summary>
    Task<ModelAnswer> Ask(ModelQuestion question, CancellationToken ct);
}

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
