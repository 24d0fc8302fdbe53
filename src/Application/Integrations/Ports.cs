using System.Text.Json;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;

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

    Task Delete(Guid id, CancellationToken ct);

    /// <summary>The tenant's credential of that name: not a person's, nor an agent's.</summary>
    Task<CredentialView?> FindShared(string name, CancellationToken ct);

    /// <summary>Makes it one of another integration, to which nobody has consented yet.</summary>
    /// <exception cref="KeysUnavailableException">The secret could not be sealed.</exception>
    Task Move(CredentialView credential, Guid integrationId, SecretFields secret, IReadOnlyList<string> scopes, CancellationToken ct);

    /// <summary>The tenant's own integration of that name, or else the platform's.</summary>
    Task<KnownIntegration?> FindIntegration(string slug, CancellationToken ct);
}

sealed record NewCredential(
    Guid Id, string Name, Guid? IntegrationId, string? Vendor, string Scope, Guid? UserId, Guid? AgentId, string AuthType, CredentialHeader Header,
    IReadOnlyList<string> AllowedHosts, IReadOnlyList<string> Scopes, string? Preview, string Status, DateTimeOffset? ExpiresAt, Guid? CreatedBy);

sealed record KnownIntegration(Guid Id, string AuthType, IntegrationSpec Spec);

/// <summary>Whoever keeps the key-encryption keys does not answer.</summary>
sealed class KeysUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Integrations that the caller's tenant may use. Its own hide the platform's of the same name.</summary>
interface IIntegrations
{
    Task<IntegrationView?> Find(string slug, CancellationToken ct);

    /// <returns>False when the slug is taken.</returns>
    Task<bool> Add(Guid id, CreateIntegration integration, CancellationToken ct);
}

/// <summary>People's consents: under way, given, and waited for.</summary>
interface IConsents
{
    /// <summary>The credential that people consent to, by its id or the newest of the integration, and the client that it holds.</summary>
    Task<OAuthClient?> FindClient(Guid integrationId, Guid? credentialId, CancellationToken ct);

    Task Begin(NewConsent consent, CancellationToken ct);

    /// <summary>Puts tokens into a credential: it is active from then on.</summary>
    /// <returns>False when it is gone.</returns>
    /// <exception cref="KeysUnavailableException">They could not be sealed.</exception>
    Task<bool> Store(Guid credentialId, Tokens tokens, CancellationToken ct);

    /// <summary>Notes that a run waits.</summary>
    /// <returns>False when there is nothing to wait for: it is active, or gone.</returns>
    Task<bool> Await(Guid credentialId, Guid runId, CancellationToken ct);

    /// <summary>The runs that wait, which from then on do not any more.</summary>
    Task<IReadOnlyList<Guid>> TakeWaiting(Guid credentialId, CancellationToken ct);
}

sealed record OAuthClient(Guid CredentialId, string ClientId);

sealed record NewConsent(Guid Id, Guid CredentialId, byte[] StateHash, byte[] BrowserHash, string Verifier, string RedirectUri, string? ReturnTo, TimeSpan Lifetime)
{
    public override string ToString() => $"consent {Id}";
}

/// <summary>What a token endpoint gave.</summary>
/// <param name="RefreshToken">Null: the former one goes on.</param>
/// <param name="Lifetime">Of the access token; null where it was not told.</param>
/// <param name="Scopes">Null: as they were asked for.</param>
sealed record Tokens(string AccessToken, string? RefreshToken, TimeSpan? Lifetime, IReadOnlyList<string>? Scopes)
{
    public override string ToString() => "…";
}

/// <summary>Documents that people paste as text.</summary>
interface IDocumentText
{
    /// <summary>Reads JSON or YAML; a refusal says where it is malformed.</summary>
    Result<JsonElement> Read(string text);
}
