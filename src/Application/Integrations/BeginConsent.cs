using System.Buffers.Text;
using System.Security.Cryptography;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>Sends a person to where they consent. What comes back is taken once, within ten minutes, from the same browser.</summary>
/// <param name="Credential">Which one is consented to; by default the newest of the integration.</param>
/// <param name="RedirectUri">Where the other side sends them back: exactly as it was registered there.</param>
/// <param name="ReturnTo">Where they go then: a path of this server.</param>
[Requires("credentials:write")]
public sealed record BeginConsent(string Integration, Guid? Credential, string RedirectUri, string? ReturnTo = null) : ICommand<ConsentBegun>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
        ReturnTo is null || (ReturnTo.Length <= 2048 && ReturnTo.StartsWith('/') && !ReturnTo.StartsWith("//", StringComparison.Ordinal) && !ReturnTo.Contains('\\') && !ReturnTo.Any(char.IsControl))
            ? []
            : [new FieldError("/return_to", "invalid_path", "This is a path of this server, such as /credentials.")];
}

/// <param name="Url">Where to send the person.</param>
/// <param name="BrowserToken">A cookie for their browser, by which it is known again.</param>
/// <param name="Cookie">That cookie's name.</param>
public sealed record ConsentBegun(string Url, string Cookie, string BrowserToken)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The kind of token that a state is: it names its tenant.</summary>
    public const string StateKind = "os";

    /// <summary>One for each flow, so that two in the same browser do not meet.</summary>
    public static string CookieOf(byte[] stateHash) => $"ap_oauth_{Convert.ToHexStringLower(stateHash.AsSpan(0, 6))}";

    public override string ToString() => "…";
}

file sealed class Handler(ICredentialStore credentials, IIntegrations integrations, IConsents consents, CallContext call, TimeProvider time) : IRequestHandler<BeginConsent, Result<ConsentBegun>>
{
    public async Task<Result<ConsentBegun>> Handle(BeginConsent request, CancellationToken cancellationToken)
    {
        if (!Slug.IsValid(request.Integration) || await integrations.Find(request.Integration, cancellationToken) is not { } integration)
        {
            return IntegrationErrors.NotFound;
        }

        if (IntegrationSpec.Read(integration.Spec).OAuth is not { } oauth)
        {
            return IntegrationErrors.NoOAuth;
        }

        if (await consents.FindClient(integration.Id, request.Credential, cancellationToken) is not { } client)
        {
            return request.Credential is null ? IntegrationErrors.NoClient : CredentialErrors.NotFound;
        }

        var credential = (await credentials.Find(client.CredentialId, cancellationToken))!;
        var state = TenantToken.Create(ConsentBegun.StateKind, call.Tenant);
        var browser = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await consents.Begin(
            new NewConsent(
                Guid.CreateVersion7(time.GetUtcNow()), client.CredentialId, state.Hash, SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(browser)), verifier, request.RedirectUri, request.ReturnTo,
                ConsentBegun.Lifetime),
            cancellationToken);

        var scopes = credential.Scopes is { Length: > 0 } own ? own : oauth.Scopes;
        IEnumerable<KeyValuePair<string, string>> query =
        [
            KeyValuePair.Create("response_type", "code"),
            KeyValuePair.Create("client_id", client.ClientId),
            KeyValuePair.Create("redirect_uri", request.RedirectUri),
            KeyValuePair.Create("state", state.Text),
            KeyValuePair.Create("code_challenge", Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)))),
            KeyValuePair.Create("code_challenge_method", "S256"),
            .. scopes.Count > 0 ? [KeyValuePair.Create("scope", string.Join(' ', scopes))] : Array.Empty<KeyValuePair<string, string>>(),
            .. oauth.Resource is { } resource ? [KeyValuePair.Create("resource", resource)] : Array.Empty<KeyValuePair<string, string>>(),
            .. oauth.Parameters,
        ];
        var separator = oauth.AuthorizeUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return new ConsentBegun(
            oauth.AuthorizeUrl + separator + string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")), ConsentBegun.CookieOf(state.Hash), browser);
    }
}
