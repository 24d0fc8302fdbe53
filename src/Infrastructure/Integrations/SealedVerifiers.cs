using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>What proves that who brings an authorization code is who asked for it. Not sealed anew: nobody has longer than ten minutes to consent.</summary>
sealed class SealedVerifiers(Db db, CallContext call, SecretBox box) : IHangingRows
{
    const string Sql = """
        select count(*) as rows, max(expires_at) as until from integrations.oauth_flows
        where tenant_id = @tenant and expires_at > now() and substring(code_verifier from 2 for @length) <> @current
        """;

    public string Name => "consents under way";

    public async Task<HangingRows> Count(CancellationToken ct) => (await db.One<HangingRows>(Sql, new { tenant = call.Tenant, length = box.CurrentKeyId.Length, current = box.CurrentKeyId }, ct))!;
}
