using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Shared.Outbox;

/// <summary>Where events wait for whoever handles them. For those who write outside a request; a command writes its events in its own transaction.</summary>
sealed class OutboxWriter(DataSources sources)
{
    const string Sql =
        """
        insert into platform.outbox (tenant_id, id, type, key, payload) values (@tenant, @id, @type, @key, @payload)
        on conflict (tenant_id, id) do nothing
        """;

    /// <summary>Stores an event; the same id again is the same event.</summary>
    /// <param name="key">What it is about; events of one key stay in order.</param>
    /// <param name="payload">UTF-8 JSON.</param>
    public async Task Put(Guid tenantId, Guid id, string type, string key, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(Sql);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("type", type);
        command.Parameters.AddWithValue("key", key);
        command.Parameters.Add(new NpgsqlParameter("payload", NpgsqlDbType.Jsonb) { Value = payload });
        await command.ExecuteNonQueryAsync(ct);
    }
}
