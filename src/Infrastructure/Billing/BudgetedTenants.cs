using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Billing;

/// <summary>Which tenants have budgets that block: asked once for each tenant, and again when the database tells that its budgets changed.</summary>
sealed class BudgetedTenants(DataSources sources) : INotified
{
    /// <summary>Past this it starts afresh rather than growing without bound.</summary>
    const int MaxKept = 100_000;

    const string Sql = "select exists (select from billing.budgets where tenant_id = @tenant and action = 'block')";

    readonly Lock gate = new();
    readonly Dictionary<Guid, bool> known = [];
    long changes;

    public string Topic => "budgets";

    /// <summary>From memory; yes where it is not known.</summary>
    public bool MayHave(Guid tenantId)
    {
        lock (gate)
        {
            return known.GetValueOrDefault(tenantId, true);
        }
    }

    public async ValueTask<bool> Have(Guid tenantId, CancellationToken ct)
    {
        long seen;
        lock (gate)
        {
            if (known.TryGetValue(tenantId, out var kept))
            {
                return kept;
            }

            seen = changes;
        }

        await using var command = sources.Engine.CreateCommand(Sql);
        command.Parameters.AddWithValue("tenant", tenantId);
        var have = await command.ExecuteScalarAsync(ct) is true;
        lock (gate)
        {
            // What changed meanwhile the answer may not know of.
            if (changes == seen)
            {
                if (known.Count >= MaxKept)
                {
                    known.Clear();
                }

                known[tenantId] = have;
            }
        }

        return have;
    }

    public void Told(string what)
    {
        lock (gate)
        {
            changes++;
            if (Guid.TryParse(what, out var tenantId))
            {
                known.Remove(tenantId);
            }
        }
    }

    public void Lost()
    {
        lock (gate)
        {
            changes++;
            known.Clear();
        }
    }
}
