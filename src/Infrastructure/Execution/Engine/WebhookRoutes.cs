using System.Collections.Concurrent;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Execution.Flow;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A webhook's address resolved: who it belongs to, how it is signed, what it runs.</summary>
/// <param name="PreviousUntil">Until then the previous secret counts as well.</param>
sealed record WebhookRoute(
    Guid TenantId, Guid TriggerId, SignatureScheme Scheme, ReadOnlyMemory<byte>[] Secrets, ReadOnlyMemory<byte>[] FormerSecrets, DateTimeOffset? PreviousUntil,
    ValueTemplate? Mapping, Result<RunPlan> Plan, TriggerFlow? Flow)
{
    /// <summary>Keys of deliveries to this trigger never meet those of another.</summary>
    public string KeyScope { get; } = $"trigger:{TriggerId:n}";

    public ReadOnlyMemory<byte>[] LiveSecrets(DateTimeOffset now) => PreviousUntil > now ? FormerSecrets : Secrets;
}

/// <summary>Resolves webhook addresses, from memory once known: NOTIFY drops what changed. Unknown addresses are asked for at a bounded rate.</summary>
sealed class WebhookRoutes(IServiceScopeFactory scopes, RunPlans plans, InputMappings mappings, FlowKeys keys, SecretBox box, GuessLimiter guesses)
{
    const int MaxKept = 100_000;

    readonly ConcurrentDictionary<(string Slug, string Path), WebhookRoute> known = new();
    int epoch;

    public async ValueTask<Result<WebhookRoute>> Find(string slug, string path, string? remoteIp, CancellationToken ct)
    {
        if (known.TryGetValue((slug, path), out var route))
        {
            return route;
        }

        if (!Slug.IsValid(slug) || path.Length is 0 or > 128)
        {
            return ExecutionErrors.WebhookNotFound;
        }

        if (!guesses.MayAsk(remoteIp))
        {
            return ExecutionErrors.TooManyGuesses;
        }

        // A change that is told while we read must not be overwritten by what we read before it.
        var before = Volatile.Read(ref epoch);
        var found = await Read(slug, path, ct);
        if (found.IsOk && found.Value.Plan.IsOk)
        {
            Keep((slug, path), found.Value);
            if (Volatile.Read(ref epoch) != before)
            {
                known.TryRemove((slug, path), out _);
            }
        }

        return found;
    }

    public void Forget(Guid tenantId)
    {
        Interlocked.Increment(ref epoch);
        foreach (var (key, route) in known)
        {
            if (route.TenantId == tenantId)
            {
                known.TryRemove(key, out _);
            }
        }
    }

    public void Clear()
    {
        Interlocked.Increment(ref epoch);
        known.Clear();
    }

    void Keep((string, string) key, WebhookRoute route)
    {
        if (known.Count >= MaxKept)
        {
            known.Clear();
        }

        known[key] = route;
    }

    async Task<Result<WebhookRoute>> Read(string slug, string path, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var tenant = await mediator.Send(new FindTenantBySlug(slug), ct);
        if (!tenant.IsOk || tenant.Value is not { IsActive: true } owner)
        {
            return ExecutionErrors.WebhookNotFound;
        }

        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.Webhook, owner.Id, null, PermissionSet.None);
        var row = await scope.ServiceProvider.GetRequiredService<Db>().One<WebhookRow>(WebhookRow.Sql, new { tenant = owner.Id, path }, ct);
        if (row is null || !SignatureSchemes.TryParse(row.Signature, out var scheme))
        {
            return ExecutionErrors.WebhookNotFound;
        }

        var plan = row.VersionId is { } pinned
            ? await Pinned(owner.Id, row.AgentId, pinned, ct)
            : await plans.OfAgent(owner.Id, row.AgentId.ToString(), null, ct);
        var secret = Open(owner.Id, row.Id, row.WebhookSecret);
        var former = Open(owner.Id, row.Id, row.PreviousSecret);
        return new WebhookRoute(
            owner.Id, row.Id, scheme, secret, [.. secret, .. former], row.PreviousSecretExpiresAt, row.Input is { } mapping ? mappings.Compile(mapping) : null, plan,
            TriggerFlow.Of(row.Id, row.Flow, keys));
    }

    Task<Result<RunPlan>> Pinned(Guid tenantId, Guid agentId, Guid versionId, CancellationToken ct) =>
        plans.OfAgent(tenantId, agentId.ToString(), versionId.ToString(), ct);

    ReadOnlyMemory<byte>[] Open(Guid tenantId, Guid triggerId, byte[]? sealedSecret) =>
        sealedSecret is null ? []
        : box.TryOpen(sealedSecret, tenantId, TriggerStore.SecretPurpose, triggerId, out var key) ? [key]
        : throw new InvalidOperationException($"The secret of trigger {triggerId} cannot be opened with this server's key.");
}

sealed record WebhookRow(
    Guid Id, Guid AgentId, string? Signature, byte[]? WebhookSecret, byte[]? PreviousSecret, DateTimeOffset? PreviousSecretExpiresAt, System.Text.Json.JsonElement? Input, Guid? VersionId,
    string Concurrency, int? MaxConcurrency, string? ConcurrencyKey, long? DebounceMs, long? DebounceMaxMs, string? DebounceKey, System.Text.Json.JsonElement? RateLimit)
{
    public FlowSettings Flow { get; } =
        new(Concurrency, MaxConcurrency, ConcurrencyKey, DebounceMs, DebounceMaxMs, DebounceKey, Domain.Execution.Flow.RateLimit.Read(RateLimit));

    public const string Sql = """
        select id, agent_id, signature, webhook_secret, previous_secret, previous_secret_expires_at, input, version_id,
          concurrency, max_concurrency, concurrency_key, debounce_ms, debounce_max_ms, debounce_key, rate_limit
        from execution.triggers
        where tenant_id = @tenant and webhook_path = @path and kind = 'webhook' and is_enabled
        """;
}
