using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>Seals the secrets of webhooks with the current master key.</summary>
sealed class SealedTriggerSecrets(Db db, CallContext call, SecretBox box) : ISealedRows
{
    const int Batch = 200;

    const string NextSql = """
        select id, webhook_secret, previous_secret from execution.triggers
        where tenant_id = @tenant and id > @after and webhook_secret is not null
        order by id
        limit @batch
        """;

    // Only where they still are what was read: whoever rotated a secret meanwhile sealed it with the current key.
    const string SealSql = """
        update execution.triggers t set webhook_secret = @secret, previous_secret = @previous
        where t.tenant_id = @tenant and t.id = @id and t.webhook_secret = @former_secret and t.previous_secret is not distinct from @former_previous
        """;

    const string CountSql = """
        select count(*) as rows, null::timestamptz as until from execution.triggers
        where tenant_id = @tenant and webhook_secret is not null
          and (substring(webhook_secret from 2 for @length) <> @current or substring(previous_secret from 2 for @length) <> @current)
        """;

    public string Name => "webhook secrets";

    public async Task<SealedBatch> SealNext(Guid after, CancellationToken ct)
    {
        var rows = await db.Query<Row>(NextSql, new { tenant = call.Tenant, after, batch = Batch }, ct);
        var (done, failed) = (0, 0);
        foreach (var row in rows)
        {
            if (IsCurrent(row.WebhookSecret) && IsCurrent(row.PreviousSecret))
            {
                continue;
            }

            var (secret, previous) = (Anew(row.Id, row.WebhookSecret), Anew(row.Id, row.PreviousSecret));
            if (secret is null || (previous is null && row.PreviousSecret is not null))
            {
                failed++;
                continue;
            }

            done += await db.Execute(SealSql, new { tenant = call.Tenant, id = row.Id, secret, previous, former_secret = row.WebhookSecret, former_previous = row.PreviousSecret }, ct);
        }

        return new SealedBatch(done, failed, rows.Count < Batch ? null : rows[^1].Id);
    }

    public async Task<HangingRows> Count(CancellationToken ct) => (await db.One<HangingRows>(CountSql, new { tenant = call.Tenant, length = box.CurrentKeyId.Length, current = box.CurrentKeyId }, ct))!;

    bool IsCurrent(byte[]? sealedSecret) => sealedSecret is null || box.IsCurrent(sealedSecret);

    byte[]? Anew(Guid id, byte[]? sealedSecret) =>
        sealedSecret is not null && box.TryOpen(sealedSecret, call.Tenant, TriggerStore.SecretPurpose, id, out var plain) ? box.Seal(plain, call.Tenant, TriggerStore.SecretPurpose, id) : null;

    sealed record Row(Guid Id, byte[]? WebhookSecret, byte[]? PreviousSecret);
}
