using System.Data;
using AgentPlatform.Application.Shared;
using Dapper;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>
/// The database as one request sees it. Every statement runs under the caller's tenant: the setting that row-level
/// security reads travels in the same round trip as the statement, inside the same (explicit or implicit) transaction,
/// so a pooled connection can never carry one tenant's setting to the next borrower.
/// Outside a command each statement is a transaction of its own: one round trip.
/// </summary>
sealed class Db(DataSources sources, CallContext call) : IUnitOfWork, IAsyncDisposable
{
    const string SetContext =
        "select set_config('app.tenant_id', @__tenant, true), set_config('app.user_id', @__user, true);\n";

    NpgsqlConnection? connection;
    NpgsqlTransaction? transaction;
    (Guid? Tenant, Guid? User)? inForce;

    public bool IsActive { get; private set; }

    public void Begin() => IsActive = !IsActive ? true : throw new InvalidOperationException("A transaction is already open.");

    public async Task Commit(CancellationToken ct)
    {
        if (transaction is not null)
        {
            await transaction.CommitAsync(ct);
        }

        await Release();
    }

    public async Task Rollback()
    {
        // Disposing an unfinished transaction rolls it back; after a commit there is nothing left to dispose.
        await Release();
    }

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        await using var lease = await Lease(ct);
        if (inForce == (call.TenantId, call.UserId))
        {
            return (await lease.Connection.QueryAsync<T>(Command(sql, args, ct))).AsList();
        }

        using var results = await lease.Connection.QueryMultipleAsync(Command(SetContext + sql, WithContext(args), ct));
        await results.ReadAsync<(string, string)>();
        var rows = (await results.ReadAsync<T>()).AsList();
        NowInForce();
        return rows;
    }

    /// <summary>The only row, or null. More than one row is a bug and throws.</summary>
    public async Task<T?> One<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        var rows = await Query<T>(sql, args, ct);
        return rows.Count switch
        {
            0 => default,
            1 => rows[0],
            var n => throw new DataException($"Expected one row, got {n}."),
        };
    }

    /// <returns>How many rows were changed.</returns>
    public async Task<int> Execute(string sql, object? args = null, CancellationToken ct = default)
    {
        await using var lease = await Lease(ct);
        if (inForce == (call.TenantId, call.UserId))
        {
            return await lease.Connection.ExecuteAsync(Command(sql, args, ct));
        }

        var changed = await lease.Connection.ExecuteAsync(Command(SetContext + sql, WithContext(args), ct));
        NowInForce();

        // Npgsql counts changed rows over all statements; a SELECT adds none.
        return Math.Max(changed, 0);
    }

    public async ValueTask DisposeAsync() => await Release();

    CommandDefinition Command(string sql, object? args, CancellationToken ct) => new(sql, args, transaction, cancellationToken: ct);

    DynamicParameters WithContext(object? args)
    {
        var all = new DynamicParameters(args);
        all.Add("__tenant", call.TenantId?.ToString() ?? "", DbType.String);
        all.Add("__user", call.UserId?.ToString() ?? "", DbType.String);
        return all;
    }

    void NowInForce() => inForce = IsActive ? (call.TenantId, call.UserId) : null;

    async Task<Borrowed> Lease(CancellationToken ct)
    {
        if (!IsActive)
        {
            return new Borrowed(await sources.App.OpenConnectionAsync(ct), Owned: true);
        }

        connection ??= await sources.App.OpenConnectionAsync(ct);
        transaction ??= await connection.BeginTransactionAsync(ct);
        return new Borrowed(connection, Owned: false);
    }

    async Task Release()
    {
        IsActive = false;
        inForce = null;
        var (oldTransaction, oldConnection) = (transaction, connection);
        (transaction, connection) = (null, null);
        if (oldTransaction is not null)
        {
            await oldTransaction.DisposeAsync();
        }

        if (oldConnection is not null)
        {
            await oldConnection.DisposeAsync();
        }
    }

    readonly record struct Borrowed(NpgsqlConnection Connection, bool Owned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Owned ? Connection.DisposeAsync() : ValueTask.CompletedTask;
    }
}
