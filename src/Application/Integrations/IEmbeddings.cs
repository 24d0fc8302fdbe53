using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Application.Integrations;

/// <summary>Turns texts into vectors, by a service of the registry; with the same retries, breakers and prices as <see cref="IModels"/>, and without fallbacks: vectors of two models do not compare.</summary>
public interface IEmbeddings
{
    /// <summary>One vector for each text, in their order. Whatever the vendor does, the outcome is an answer; only the caller's own cancellation is thrown.</summary>
    Task<EmbeddingAnswer> Embed(EmbeddingQuestion question, CancellationToken ct);
}

/// <param name="Model"><c>vendor/service</c>.</param>
/// <param name="Texts">At most 10 000.</param>
/// <param name="Dimensions">Where the service can give fewer than it has; null: as many as it has.</param>
public sealed record EmbeddingQuestion(
    Guid TenantId, string Model, IReadOnlyList<string> Texts, int? Dimensions = null, string? Credential = null, Guid? AgentId = null, Guid? UserId = null);

/// <param name="Vectors">Null where <paramref name="Error"/> says why.</param>
public sealed record EmbeddingAnswer(IReadOnlyList<Embedding<float>>? Vectors, SkillError? Error, IReadOnlyList<SkillUsage> Usage, bool IsSimulated = false);
