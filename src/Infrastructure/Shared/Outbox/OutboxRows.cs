using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Shared.Outbox;

/// <summary>One event on its way to one handler.</summary>
/// <param name="Attempts">This one included.</param>
sealed record OutboxDelivery(OutboxEvent Event, string Handler, int Attempts);

/// <summary>The outbox's SQL. Every statement takes its rows with SKIP LOCKED: any number of nodes may work at once.</summary>
sealed class OutboxRows(DataSources sources)
{
    const int HandOutBatch = 256;
    const int TakeBatch = 64;
    const int ForgetBatch = 1000;

    const string OpenSql = """
        select tenant_id, id, type from platform.outbox where handed_out_at is null order by created_at, id limit @count for update skip locked
        """;

    const string HandOutSql = """
        with handed as (
          update platform.outbox o set handed_out_at = now() from unnest(@tenants, @ids) as g (tenant_id, id) where o.tenant_id = g.tenant_id and o.id = g.id
        )
        insert into platform.outbox_deliveries (tenant_id, outbox_id, handler)
        select tenant_id, id, handler from unnest(@delivery_tenants, @delivery_ids, @handlers) as d (tenant_id, id, handler)
        on conflict do nothing
        """;

    /// <summary>What is taken is put off at once: should this node die with it, another takes it a minute later.</summary>
    const string TakeSql = """
        with due as materialized (
          select tenant_id, outbox_id, handler from platform.outbox_deliveries
          where state = 'pending' and next_attempt_at <= now()
          order by next_attempt_at limit @count
          for update skip locked
        )
        update platform.outbox_deliveries d set attempts = d.attempts + 1, next_attempt_at = now() + interval '1 minute'
        from due join platform.outbox o on o.tenant_id = due.tenant_id and o.id = due.outbox_id
        where d.tenant_id = due.tenant_id and d.outbox_id = due.outbox_id and d.handler = due.handler
        returning o.tenant_id, o.id, o.type, o.key, o.payload::text, o.created_at, d.handler, d.attempts
        """;

    const string DoneSql = """
        update platform.outbox_deliveries d set state = 'done', error = null from unnest(@tenants, @ids, @handlers) as g (tenant_id, id, handler)
        where d.tenant_id = g.tenant_id and d.outbox_id = g.id and d.handler = g.handler
        """;

    const string FailedSql = """
        update platform.outbox_deliveries set state = case when @dead then 'dead' else 'pending' end, error = @error, next_attempt_at = now() + @wait
        where tenant_id = @tenant and outbox_id = @id and handler = @handler
        """;

    const string ForgetSql = """
        delete from platform.outbox o
        using (
          select tenant_id, id from platform.outbox x
          where handed_out_at < now() - interval '7 days'
            and not exists (select from platform.outbox_deliveries d where d.tenant_id = x.tenant_id and d.outbox_id = x.id and d.state <> 'done')
          limit @count
        ) old
        where o.tenant_id = old.tenant_id and o.id = old.id
        """;

    /// <summary>Gives each event that nobody has looked at a delivery for each of its handlers.</summary>
    /// <returns>Whether more may be waiting.</returns>
    public async Task<bool> HandOut(IReadOnlyList<IOutboxHandler> handlers, CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var open = await ReadOpen(connection, ct);
        if (open.Count > 0)
        {
            var deliveries = (from one in open from handler in handlers where handler.Handles(one.Type) select (one.TenantId, one.Id, handler.Name)).ToList();
            await using var command = new NpgsqlCommand(HandOutSql, connection);
            Add(command, "tenants", NpgsqlDbType.Uuid, open.Select(one => one.TenantId));
            Add(command, "ids", NpgsqlDbType.Uuid, open.Select(one => one.Id));
            Add(command, "delivery_tenants", NpgsqlDbType.Uuid, deliveries.Select(delivery => delivery.TenantId));
            Add(command, "delivery_ids", NpgsqlDbType.Uuid, deliveries.Select(delivery => delivery.Id));
            Add(command, "handlers", NpgsqlDbType.Text, deliveries.Select(delivery => delivery.Name));
            await command.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return open.Count == HandOutBatch;
    }

    public async Task<IReadOnlyList<OutboxDelivery>> Take(CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(TakeSql);
        command.Parameters.AddWithValue("count", TakeBatch);
        var taken = new List<OutboxDelivery>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            using var payload = JsonDocument.Parse(reader.GetString(4), new JsonDocumentOptions { MaxDepth = 256 });
            taken.Add(new OutboxDelivery(
                new OutboxEvent(
                    reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), payload.RootElement.Clone(), new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero)),
                reader.GetString(6), reader.GetInt32(7)));
        }

        return taken;
    }

    public async Task Done(IReadOnlyList<OutboxDelivery> deliveries, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(DoneSql);
        Add(command, "tenants", NpgsqlDbType.Uuid, deliveries.Select(delivery => delivery.Event.TenantId));
        Add(command, "ids", NpgsqlDbType.Uuid, deliveries.Select(delivery => delivery.Event.Id));
        Add(command, "handlers", NpgsqlDbType.Text, deliveries.Select(delivery => delivery.Handler));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task Failed(OutboxDelivery delivery, string error, bool isDead, TimeSpan wait, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(FailedSql);
        command.Parameters.AddWithValue("tenant", delivery.Event.TenantId);
        command.Parameters.AddWithValue("id", delivery.Event.Id);
        command.Parameters.AddWithValue("handler", delivery.Handler);
        command.Parameters.AddWithValue("error", error.Length <= 10_000 ? error : error[..10_000]);
        command.Parameters.AddWithValue("dead", isDead);
        command.Parameters.AddWithValue("wait", wait);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Events that every handler has had for a week; those with dead deliveries stay.</summary>
    public async Task Forget(CancellationToken ct)
    {
        int gone;
        do
        {
            await using var command = sources.Engine.CreateCommand(ForgetSql);
            command.Parameters.AddWithValue("count", ForgetBatch);
            gone = await command.ExecuteNonQueryAsync(ct);
        }
        while (gone == ForgetBatch);
    }

    static async Task<List<(Guid TenantId, Guid Id, string Type)>> ReadOpen(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(OpenSql, connection);
        command.Parameters.AddWithValue("count", HandOutBatch);
        var open = new List<(Guid, Guid, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            open.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)));
        }

        return open;
    }

    static void Add<T>(NpgsqlCommand command, string name, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>(name, type | NpgsqlDbType.Array) { TypedValue = [.. values] });
}
