using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>Answers kept for requests that are repeated. They are not sealed anew: a day after it was made each is gone.</summary>
sealed class SealedAnswers(Db db, CallContext call, SecretBox box) : IHangingRows
{
    const string Sql = """
        select count(*) as rows, max(expires_at) as until from execution.idempotency_keys
        where tenant_id = @tenant and expires_at > now() and response is not null and substring(response from 2 for @length) <> @current
        """;

    public string Name => "stored answers";

    public async Task<HangingRows> Count(CancellationToken ct) => (await db.One<HangingRows>(Sql, new { tenant = call.Tenant, length = box.CurrentKeyId.Length, current = box.CurrentKeyId }, ct))!;
}
