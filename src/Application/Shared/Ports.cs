using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Shared;

/// <summary>The transaction of a command. Nested commands join it; only the outermost one begins and ends it.</summary>
public interface IUnitOfWork
{
    bool IsActive { get; }

    /// <summary>Begins lazily: BEGIN and the tenant setting travel with the first statement.</summary>
    void Begin();

    Task Commit(CancellationToken ct);

    Task Rollback();
}

/// <summary>One line in the tenant's audit log, written in the same transaction as the change it tells of.</summary>
public interface IAudit
{
    /// <param name="action"><c>resource.verb</c> in the past tense: <c>agent.created</c>.</param>
    /// <param name="resourceId">Id of the thing, as text.</param>
    /// <param name="before">What it was; serialised as JSON. Never put secrets here.</param>
    /// <param name="after">What it is now; serialised as JSON. Never put secrets here.</param>
    void Record(string action, string resourceType, string resourceId, object? before = null, object? after = null);

    /// <summary>Writes what was recorded; called once, just before the commit, because the chain's lock is held from here on.</summary>
    Task Flush(CancellationToken ct);

    void Discard();
}

/// <summary>Audit entries of what was refused: written at once, apart from any transaction, because a refusal rolls back.</summary>
interface IFailureLog
{
    Task Write(string action, string resourceType, string resourceId, string error, CancellationToken ct);
}

/// <summary>Answers of commands that were sent with an <c>Idempotency-Key</c>, kept for 24 hours, sealed at rest.</summary>
public interface IIdempotencyStore
{
    /// <summary>Claims the key inside the current transaction.</summary>
    /// <returns>Claimed; or the stored answer; or a refusal (in use right now, or used for another request).</returns>
    Task<Result<IdempotencyClaim>> Claim(string key, byte[] requestHash, CancellationToken ct);

    Task Save(string key, byte[] answer, CancellationToken ct);
}

/// <param name="StoredAnswer">Null when the caller is the first.</param>
public sealed record IdempotencyClaim(byte[]? StoredAnswer);
