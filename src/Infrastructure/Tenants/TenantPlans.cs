using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>Which plan each tenant has, for jobs that go through all of them.</summary>
public sealed class TenantPlans(DataSources sources)
{
    const string Sql = "select id, plan from tenants.tenants where id > @after order by id limit @limit";

    /// <summary>The next tenants after <paramref name="after"/>, in the order of their ids.</summary>
    public async Task<IReadOnlyList<TenantPlan>> Page(Guid after, int limit, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(Sql);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("limit", limit);
        var page = new List<TenantPlan>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            page.Add(new TenantPlan(reader.GetGuid(0), reader.GetString(1)));
        }

        return page;
    }
}

public sealed record TenantPlan(Guid TenantId, string Plan);
