using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>
/// Answers kept by key, in the transaction that made them. A key that another transaction holds right now is told by an advisory lock
/// instead of by waiting for that transaction: 409 at once, and no connection is held meanwhile.
/// </summary>
sealed class IdempotencyStore(Db db, CallContext call, SecretBox box) : IIdempotencyStore
{
    const string Purpose = "stored_answer";

    static readonly Error InUse = Error.Conflict("idempotency_key_in_use", "A request with this Idempotency-Key is being worked on; repeat it shortly.");

    static readonly Error Reused = new(ErrorKind.Invalid, "idempotency_key_reused", "This Idempotency-Key was used before for another request.");

    const string LockSql = "select pg_try_advisory_xact_lock(hashtextextended(@scope || '/' || @key, 7205759403792794))";

    /// <summary>An expired key is free again.</summary>
    const string FindSql = """
        with expired as (
          delete from execution.idempotency_keys where tenant_id = @tenant and scope = @scope and key = @key and expires_at <= now()
        )
        select request_hash, response from execution.idempotency_keys
        where tenant_id = @tenant and scope = @scope and key = @key and expires_at > now()
        """;

    const string SaveSql = """
        insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, response, expires_at)
        values (@tenant, @scope, @key, @hash, @answer, now() + interval '24 hours')
        """;

    /// <summary>Keys of different people and programs never meet, nor do those of commands and of runs.</summary>
    string Scope => $"command:{call.Tenant:n}:{call.UserId:n}";

    public async Task<Result<IdempotencyClaim>> Claim(string key, byte[] requestHash, CancellationToken ct)
    {
        if (!await db.One<bool>(LockSql, new { scope = Scope, key }, ct))
        {
            return InUse;
        }

        var stored = await db.One<StoredAnswer>(FindSql, new { tenant = call.Tenant, scope = Scope, key }, ct);
        if (stored is null)
        {
            return new IdempotencyClaim(null);
        }

        if (!stored.RequestHash.AsSpan().SequenceEqual(requestHash))
        {
            return Reused;
        }

        return box.TryOpen(stored.Response, call.Tenant, Purpose, call.Tenant, out var answer)
            ? new IdempotencyClaim(answer)
            : throw new InvalidOperationException("A stored answer cannot be opened with this server's key.");
    }

    public Task Save(string key, byte[] answer, CancellationToken ct) => db.Execute(SaveSql, new
    {
        tenant = call.Tenant,
        scope = Scope,
        key,
        hash = call.RequestHash,
        answer = box.Seal(answer, call.Tenant, Purpose, call.Tenant),
    }, ct);

    sealed record StoredAnswer(byte[] RequestHash, byte[] Response);
}
