using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Hands out stored credentials to whoever applies them: skill runners and clients of vendors and MCP servers, never an expression, a prompt or an answer.
/// </summary>
public interface ICredentials
{
    /// <summary>The credential that fits best: by its name, or else the agent's own for that vendor or integration, then the user's, then the tenant's.</summary>
    ValueTask<CredentialFound> Find(CredentialQuery query, CancellationToken ct);
}

/// <param name="Name">As a node's <c>credential</c> names it; null: any that fits <paramref name="Vendor"/> or <paramref name="Integration"/>.</param>
/// <param name="AgentId">Whose agent-scoped credentials may be used.</param>
/// <param name="UserId">Whose user-scoped credentials may be used.</param>
public sealed record CredentialQuery(Guid TenantId, string? Name, string? Vendor = null, string? Integration = null, Guid? AgentId = null, Guid? UserId = null);

/// <summary>A credential, or why there is none: <c>credential_unknown</c>, <c>credential_expired</c>, <c>consent_needed</c>, <c>credential_unavailable</c> (class <c>credential</c>).</summary>
public sealed record CredentialFound(Secret? Secret, SkillError? Error);

/// <summary>An opened credential: it lives as long as the call that applies it, and prints as its name only.</summary>
/// <param name="AuthType"><c>api_key</c>, <c>bearer_token</c>, <c>basic</c> or <c>oauth2</c>.</param>
/// <param name="Fields">The parts of the secret, for example <c>api_key</c>, or <c>username</c> and <c>password</c>, or <c>access_token</c>.</param>
/// <param name="AllowedHosts">Hosts that it may be sent to (<c>api.example.com</c>, <c>*.example.com</c>); empty: those of its vendor or integration.</param>
public sealed record Secret(Guid Id, string Name, string AuthType, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> AllowedHosts)
{
    readonly Lazy<SecretForms?> forms = new(() => SecretForms.Of(SecretFields.Hidden(Fields)));

    /// <summary>The looks under which it may come back; null where it has nothing to hide.</summary>
    public SecretForms? Forms => forms.Value;

    /// <summary>Its one value, where it has only one that is secret.</summary>
    public string? Value => Fields.GetValueOrDefault("api_key") ?? Fields.GetValueOrDefault("access_token") ?? Fields.GetValueOrDefault("token");

    /// <summary>The headers by which a plain HTTP call carries it, as it, or its integration, says.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Put in front of the path instead, for the few APIs that know no other way; null for all others.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Why it may not be sent there; null when it may.</summary>
    /// <param name="isListed">The operator named the host as one that may be called although it is private: only then may it do without encryption.</param>
    public SkillError? Refusal(Uri url, bool isListed) =>
        !HostPattern.Covers(AllowedHosts, url) ? new SkillError("credential_host", $"The credential {Name} may not be sent to {url.IdnHost}.", SkillErrorClass.Credential, Retryable: false)
        : url.Scheme != Uri.UriSchemeHttps && !isListed ? new SkillError("credential_unencrypted", $"The credential {Name} may only be sent over https.", SkillErrorClass.Credential, Retryable: false)
        : null;

    public override string ToString() => $"credential {Name}";
}
