using System.Collections.Concurrent;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>
/// Fetches a new access token before the old one ends. One refresh of a credential at a time: on a node by sharing the task, between nodes by the
/// lock of its row, and whoever waited for the lock finds the new token instead of asking again. That matters where a refresh token counts once: presenting it
/// twice makes careful servers revoke everything.
/// </summary>
/// <remarks>
/// The new tokens are committed before anybody uses them. What the database does not take is kept in memory and stored by the next one who looks; only when
/// this program dies in that moment are they lost, the former refresh token is tried once more, and if it is refused a person must consent again.
/// </remarks>
sealed class TokenRefresher(IServiceScopeFactory scopes, TimeProvider time, ILogger<TokenRefresher> log)
{
    /// <summary>So that a token does not end on its way.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    readonly ConcurrentDictionary<Guid, TaskCompletionSource<Refreshed>> underWay = new();
    readonly ConcurrentDictionary<(Guid Id, int Version), Tokens> unsaved = new();

    public async Task<Refreshed> Refresh(Guid tenantId, Guid credentialId, CancellationToken ct)
    {
        var mine = new TaskCompletionSource<Refreshed>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = underWay.GetOrAdd(credentialId, mine);
        if (shared == mine)
        {
            // Whoever gives up waiting does not stop it for the others, nor between the other side's answer and our commit.
            _ = Lead(tenantId, credentialId, mine);
        }

        return await shared.Task.WaitAsync(ct);
    }

    async Task Lead(Guid tenantId, Guid id, TaskCompletionSource<Refreshed> told)
    {
        try
        {
            var refreshed = await Once(tenantId, id);
            underWay.TryRemove(id, out _);
            told.SetResult(refreshed);
        }
        catch (Exception e)
        {
            underWay.TryRemove(id, out _);
            told.SetException(e);
        }
    }

    async Task<Refreshed> Once(Guid tenantId, Guid id)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<CallContext>().ActAs(ActorKind.System, tenantId, null, PermissionSet.None);
        var work = services.GetRequiredService<IUnitOfWork>();
        work.Begin();
        try
        {
            var refreshed = await UnderLock(services, tenantId, id);
            await services.GetRequiredService<IAudit>().Flush(CancellationToken.None);
            await work.Commit(CancellationToken.None);
            return refreshed;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or KeysUnavailableException)
        {
            log.LogWarning("Credential {Credential} was not refreshed: {Reason}", id, e.Message);
            return new Refreshed(null, CredentialFaults.NotRefreshed);
        }
        finally
        {
            await work.Rollback();
        }
    }

    async Task<Refreshed> UnderLock(IServiceProvider services, Guid tenantId, Guid id)
    {
        var store = services.GetRequiredService<TokenStore>();
        var reader = services.GetRequiredService<CredentialReader>();
        var ct = CancellationToken.None;
        var row = await store.Lock(id, ct);
        if (row is null)
        {
            return new Refreshed(null, CredentialFaults.Unknown("of this id"));
        }

        var (fields, error) = await reader.Open(tenantId, row, ct);
        if (fields is null || !row.NeedsRefresh(time.GetUtcNow() + Margin) || row.Status != "active")
        {
            return fields is null ? new Refreshed(null, error) : row.Status == "active" ? new Refreshed(row.ToSecret(fields), null, row.TokenExpiresAt) : new Refreshed(null, CredentialFaults.ConsentNeeded(id, row.Name));
        }

        if (unsaved.GetValueOrDefault((id, row.Version)) is not { } tokens)
        {
            var answer = IntegrationSpec.Read(row.Spec).OAuth is { } spec && fields.GetValueOrDefault("refresh_token") is { } refresh
                ? await services.GetRequiredService<TokenEndpoint>().Refresh(spec, fields, refresh, ct)
                : TokenAnswer.Refused;
            if (answer.Tokens is null)
            {
                return await Without(services, row, fields, answer.IsRefused);
            }

            unsaved[(id, row.Version)] = tokens = answer.Tokens;
        }

        await store.Store(row, fields, tokens, ct);
        foreach (var former in unsaved.Keys.Where(key => key.Id == id && key.Version < row.Version))
        {
            unsaved.TryRemove(former, out _);
        }

        var secret = row.ToSecret(new SecretFields(fields).With([KeyValuePair.Create("access_token", tokens.AccessToken)]).Values);
        return new Refreshed(secret, null, time.GetUtcNow() + tokens.Lifetime);
    }

    /// <summary>There is no new token: the old one does as long as it lasts.</summary>
    async Task<Refreshed> Without(IServiceProvider services, CredentialRow row, IReadOnlyDictionary<string, string> fields, bool isRefused)
    {
        if (row.TokenExpiresAt > time.GetUtcNow() && !isRefused)
        {
            return new Refreshed(row.ToSecret(fields), null, row.TokenExpiresAt);
        }

        if (!isRefused)
        {
            return new Refreshed(null, CredentialFaults.NotRefreshed);
        }

        await services.GetRequiredService<TokenStore>().LoseConsent(row.Id, CancellationToken.None);
        services.GetRequiredService<IAudit>().Record("credential.consent_lost", "credential", row.Id.ToString(), before: null, new { row.Name });
        return new Refreshed(null, CredentialFaults.ConsentNeeded(row.Id, row.Name));
    }
}

/// <param name="Until">When its access token ends; null where it does not.</param>
sealed record Refreshed(Secret? Secret, SkillError? Error, DateTimeOffset? Until = null);
