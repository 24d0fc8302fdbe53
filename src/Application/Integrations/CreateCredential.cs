using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations;

/// <summary>
/// Stores a secret, encrypted; nothing ever answers it again. Where it may be sent is settled here, together with it: hosts that could be
/// added later would let whoever adds them have it sent to themselves.
/// </summary>
/// <param name="Scope">tenant (the default), user (the caller's own runs) or agent.</param>
/// <param name="Agent">Id or slug, for scope agent.</param>
/// <param name="AuthType">By default what its integration asks for, else api_key.</param>
[Requires("credentials:write")]
public sealed record CreateCredential(
    string Name, SecretFields Secret, string? Vendor = null, string? Integration = null, string? Scope = null, string? Agent = null, string? AuthType = null, string? Header = null,
    string? Prefix = null, IReadOnlyList<string>? AllowedHosts = null, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null) : ICommand<CredentialView>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. CredentialRules.Name(Name),
        .. Vendor is null || Slug.IsValid(Vendor.Replace('_', '-')) ? [] : new[] { new FieldError("/vendor", "invalid_vendor", "This is the id of a vendor.") },
        .. Integration is null || Slug.Check("/integration", Integration) is not { } fault ? [] : new[] { fault },
        .. Vendor is null || Integration is null ? [] : new[] { new FieldError("/integration", "not_allowed", "A credential is for a vendor or for an integration, not for both.") },
        .. CredentialRules.Scope(Scope, Agent),
        .. CredentialRules.AuthType(AuthType),
        .. CredentialRules.Hosts(AllowedHosts),
        .. CredentialRules.Scopes(Scopes),
    ];
}

file sealed class Handler(ICredentialStore credentials, IMediator mediator, CallContext call, IAudit audit, TimeProvider time) : IRequestHandler<CreateCredential, Result<CredentialView>>
{
    public async Task<Result<CredentialView>> Handle(CreateCredential request, CancellationToken cancellationToken)
    {
        KnownIntegration? integration = null;
        if (request.Integration is { } slug && (integration = await credentials.FindIntegration(slug, cancellationToken)) is null)
        {
            return Error.Invalid("/integration", "unknown_integration", $"There is no integration \"{slug}\".");
        }

        var type = request.AuthType ?? (integration is null or { AuthType: "none" } ? "api_key" : integration.AuthType);
        var header = new CredentialHeader(request.Header, request.Prefix);
        FieldError[] faults =
        [
            .. request.Secret.Check(type),
            .. header.Check(type),
            .. CredentialRules.Expiry(request.ExpiresAt, time.GetUtcNow()),
            .. SentNowhere(request, integration) ? [new FieldError("/allowed_hosts", "required", "Say to which hosts it may be sent, or which vendor or integration it is for.")] : Array.Empty<FieldError>(),
            .. request.Scope == "user" && call.UserId is null ? [new FieldError("/scope", "not_allowed", "Only a person has credentials of their own.")] : Array.Empty<FieldError>(),
        ];
        if (faults.Length > 0)
        {
            return Error.Invalid(faults);
        }

        Guid? agentId = null;
        if (request.Agent is { } agent)
        {
            var found = await mediator.Send(new GetAgentReference(agent), cancellationToken);
            if (!found.IsOk)
            {
                return Error.Invalid("/agent", "unknown_agent", $"There is no agent \"{agent}\".");
            }

            agentId = found.Value.AgentId;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        // What has no access token yet gets it when somebody consents.
        var status = type == "oauth2" && !request.Secret.Values.ContainsKey("access_token") ? "consent_needed" : "active";
        var credential = new NewCredential(
            id, request.Name, integration?.Id, request.Vendor, request.Scope ?? "tenant", request.Scope == "user" ? call.UserId : null, agentId, type, header, request.AllowedHosts ?? [],
            request.Scopes ?? [], request.Secret.Preview(type), status, request.ExpiresAt, call.UserId);
        try
        {
            if (!await credentials.Add(credential, request.Secret, cancellationToken))
            {
                return CredentialErrors.NameTaken;
            }
        }
        catch (KeysUnavailableException)
        {
            return CredentialErrors.KeysUnavailable;
        }

        var view = (await credentials.Find(id, cancellationToken))!;
        audit.Record("credential.created", "credential", id.ToString(), before: null, CredentialSummary.Of(view));
        return view;
    }

    static bool SentNowhere(CreateCredential request, KnownIntegration? integration) =>
        request.Vendor is null && request.AllowedHosts is not { Count: > 0 } && integration is not { Spec.Hosts.Count: > 0 };
}

/// <summary>What the audit log keeps: what it is for, nothing of what it is.</summary>
sealed record CredentialSummary(
    string Name, string? Vendor, string? Integration, string Scope, Guid? UserId, Guid? AgentId, string AuthType, string[] AllowedHosts, string Status, int Version, DateTimeOffset? ExpiresAt)
{
    public static CredentialSummary Of(CredentialView view) =>
        new(view.Name, view.Vendor, view.Integration, view.Scope, view.UserId, view.AgentId, view.AuthType, view.AllowedHosts, view.Status, view.Version, view.ExpiresAt);
}
