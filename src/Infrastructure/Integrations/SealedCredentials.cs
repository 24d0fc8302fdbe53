using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>Wraps the data keys of credentials anew; the secrets themselves are not touched.</summary>
sealed class SealedCredentials(Db db, CallContext call, Envelope envelope) : ISealedRows
{
    const int Batch = 200;

    const string NextSql = """
        select id, data_key, key_id, version from integrations.credentials
        where tenant_id = @tenant and id > @after and key_id <> @current
        order by id
        limit @batch
        """;

    // Only where it still is what was read: whoever stored another secret meanwhile sealed it with the current key.
    const string WrapSql = """
        update integrations.credentials c set data_key = n.data_key, key_id = @current
        from unnest(@ids, @keys, @versions, @formers) as n (id, data_key, version, key_id)
        where c.tenant_id = @tenant and c.id = n.id and c.version = n.version and c.key_id = n.key_id
        """;

    const string CountSql = "select count(*) as rows, null::timestamptz as until from integrations.credentials where tenant_id = @tenant and key_id <> @current";

    public string Name => "credentials";

    public async Task<SealedBatch> SealNext(Guid after, CancellationToken ct)
    {
        var rows = await db.Query<Row>(NextSql, new { tenant = call.Tenant, after, current = envelope.CurrentKeyId, batch = Batch }, ct);
        if (rows.Count == 0)
        {
            return new SealedBatch(0, 0, null);
        }

        var anew = new List<(Row Row, byte[] Key)>(rows.Count);
        foreach (var row in rows)
        {
            if (await envelope.Rewrap(row.DataKey, row.KeyId, call.Tenant, row.Id, row.Version, ct) is { } key)
            {
                anew.Add((row, key));
            }
        }

        var done = await db.Execute(WrapSql, new
        {
            tenant = call.Tenant,
            current = envelope.CurrentKeyId,
            ids = anew.Select(x => x.Row.Id).ToArray(),
            keys = anew.Select(x => x.Key).ToArray(),
            versions = anew.Select(x => x.Row.Version).ToArray(),
            formers = anew.Select(x => x.Row.KeyId).ToArray(),
        }, ct);
        return new SealedBatch(done, rows.Count - anew.Count, rows.Count < Batch ? null : rows[^1].Id);
    }

    public async Task<HangingRows> Count(CancellationToken ct) => (await db.One<HangingRows>(CountSql, new { tenant = call.Tenant, current = envelope.CurrentKeyId }, ct))!;

    sealed record Row(Guid Id, byte[] DataKey, string KeyId, int Version);
}
