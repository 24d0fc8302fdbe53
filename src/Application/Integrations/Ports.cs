using AgentPlatform.Domain.Integrations;

namespace AgentPlatform.Application.Integrations;

/// <summary>Stored credentials of the caller's tenant. Those of other people do not exist for any of these.</summary>
interface ICredentialStore
{
    Task<CredentialView?> Find(Guid id, CancellationToken ct);

    /// <summary>Locks the row until the transaction ends.</summary>
    Task<CredentialView?> FindForUpdate(Guid id, CancellationToken ct);

    /// <returns>False when the name is taken.</returns>
    /// <exception cref="KeysUnavailableException">The secret could not be sealed.</exception>
    Task<bool> Add(NewCredential credential, SecretFields secret, CancellationToken ct);

    /// <summary>Gives it another secret: the former one is gone.</summary>
    /// <exception cref="KeysUnavailableException">The secret could not be sealed.</exception>
    Task Rotate(CredentialView credential, SecretFields secret, IReadOnlyList<string>? allowedHosts, DateTimeOffset? expiresAt, CancellationToken ct);

    Task<bool> Delete(Guid id, CancellationToken ct);

    /// <summary>The tenant's own integration of that name, or else the platform's.</summary>
    Task<KnownIntegration?> FindIntegration(string slug, CancellationToken ct);
}

sealed record NewCredential(
    Guid Id, string Name, Guid? IntegrationId, string? Vendor, string Scope, Guid? UserId, Guid? AgentId, string AuthType, CredentialHeader Header,
    IReadOnlyList<string> AllowedHosts, IReadOnlyList<string> Scopes, string? Preview, string Status, DateTimeOffset? ExpiresAt, Guid? CreatedBy);

sealed record KnownIntegration(Guid Id, string AuthType, IntegrationSpec Spec);

/// <summary>Whoever keeps the key-encryption keys does not answer.</summary>
sealed class KeysUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
