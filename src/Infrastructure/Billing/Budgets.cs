using System.Globalization;
using System.Text.Json;
using AgentPlatform.Application.Billing;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Billing;

/// <summary>Reservations: one round trip where a tenant has budgets that block, none elsewhere.</summary>
sealed class Budgets(DataSources sources, BudgetedTenants tenants) : IBudgets
{
    const string ReserveSql = """
        select budget_id, name, period, limit_micros, spent_micros, held_micros
        from billing.reserve(@tenant, @id, @run, @agent, @user, @key, @service, @micros, @at_most)
        """;

    const string CoveringSql = """
        select name from billing.budgets b where tenant_id = @tenant and action = 'block' and billing.covers(b, @agent, @user, @key) order by id limit 1
        """;

    const string ReleaseSql = "delete from billing.reservations where tenant_id = @tenant and id = @id";

    /// <summary>Beyond the call's own time, for its result to be stored.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public bool MayRefuse(Guid tenantId) => tenants.MayHave(tenantId);

    public async ValueTask<SkillError?> Reserve(Reservation reservation, CancellationToken ct)
    {
        if (!await tenants.Have(reservation.TenantId, ct))
        {
            return null;
        }

        if (reservation.Micros is not { } micros)
        {
            return await RefuseUnpriced(reservation, ct);
        }

        if (micros <= 0)
        {
            return null;
        }

        await using var command = sources.Engine.CreateCommand(ReserveSql);
        command.Parameters.AddWithValue("tenant", reservation.TenantId);
        command.Parameters.AddWithValue("id", reservation.Id);
        command.Parameters.AddWithValue("run", reservation.RunId);
        command.Parameters.Add(Nullable("agent", reservation.AgentId));
        command.Parameters.Add(Nullable("user", reservation.UserId));
        command.Parameters.Add(Nullable("key", reservation.ApiKeyId));
        command.Parameters.AddWithValue("service", reservation.Service);
        command.Parameters.AddWithValue("micros", micros);
        command.Parameters.AddWithValue("at_most", reservation.AtMost + Grace);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? Refusal(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), micros)
            : null;
    }

    public async ValueTask Release(Guid tenantId, Guid id, CancellationToken ct)
    {
        if (!tenants.MayHave(tenantId))
        {
            return;
        }

        await using var command = sources.Engine.CreateCommand(ReleaseSql);
        command.Parameters.AddWithValue("tenant", tenantId);
        command.Parameters.AddWithValue("id", id);
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<SkillError?> RefuseUnpriced(Reservation reservation, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(CoveringSql);
        command.Parameters.AddWithValue("tenant", reservation.TenantId);
        command.Parameters.Add(Nullable("agent", reservation.AgentId));
        command.Parameters.Add(Nullable("user", reservation.UserId));
        command.Parameters.Add(Nullable("key", reservation.ApiKeyId));
        return await command.ExecuteScalarAsync(ct) is string name
            ? new SkillError(
                "price_unknown", $"Nobody has told this server what {reservation.Service} costs, so that the budget {name} could not be kept. Its operator can add the price.", SkillErrorClass.Limit, Retryable: false)
            : null;
    }

    static SkillError Refusal(Guid id, string name, string window, long limit, long spent, long held, long asked)
    {
        var span = window switch
        {
            "day" => "today",
            "month" => "this month",
            _ => "in all",
        };
        return new SkillError(
            "budget_exceeded",
            $"The budget {name} allows {Money(limit)} {span}; {Money(spent)} are spent, {Money(held)} are set aside for other calls, and this one may cost {Money(asked)}.",
            SkillErrorClass.Limit, Retryable: false,
            Detail: JsonSerializer.SerializeToElement(new Dictionary<string, object>
            {
                ["budget_id"] = id,
                ["window"] = window,
                ["limit_micros"] = limit,
                ["spent_micros"] = spent,
                ["held_micros"] = held,
                ["asked_micros"] = asked,
            }));
    }

    static string Money(long micros) => (micros / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    static NpgsqlParameter Nullable(string name, Guid? value) => new(name, NpgsqlDbType.Uuid) { Value = (object?)value ?? DBNull.Value };
}
