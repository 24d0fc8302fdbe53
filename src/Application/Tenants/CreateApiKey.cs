using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>A key for programs. It can never do more than its person: its scopes are checked now, and cut to the person's permissions at every use.</summary>
/// <param name="Scopes">Permissions, also with wildcards (<c>agents:*</c>).</param>
[Requires("api_keys:write")]
public sealed record CreateApiKey(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null) : ICommand<CreatedApiKey>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[]
    {
        PersonName.Check("/name", Name, max: 100),
        Scopes is { Count: >= 1 and <= 100 } ? null : new FieldError("/scopes", "invalid_scopes", "Give 1 to 100 scopes."),
    }.OfType<FieldError>();
}

/// <param name="Key">Shown this once; only its hash is stored.</param>
public sealed record CreatedApiKey(
    Guid Id, string Name, string Prefix, string Key, string[] Scopes, Guid UserId, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt);

file sealed class Handler(IApiKeys keys, RoleCatalog catalog, CallContext call, IAudit audit, TimeProvider time) : IRequestHandler<CreateApiKey, Result<CreatedApiKey>>
{
    public async Task<Result<CreatedApiKey>> Handle(CreateApiKey request, CancellationToken cancellationToken)
    {
        var scopes = request.Scopes.Distinct().ToList();
        if (Faults(request, scopes) is { Count: > 0 } faults)
        {
            return Error.Invalid(faults);
        }

        if (!scopes.TrueForAll(call.Permissions.Covers))
        {
            return Membership.ExceedsOwnPermissions;
        }

        var token = TenantToken.Create(TenantToken.ApiKey, call.Tenant);
        var key = await keys.Add(
            Guid.CreateVersion7(time.GetUtcNow()), request.Name.Trim(), token.Prefix, token.Hash, scopes, request.ExpiresAt, cancellationToken);
        audit.Record("api_key.created", "api_key", key.Id.ToString(), after: key);
        return new CreatedApiKey(key.Id, key.Name, key.Prefix, token.Text, key.Scopes, key.UserId, key.ExpiresAt, key.CreatedAt);
    }

    List<FieldError> Faults(CreateApiKey request, List<string> scopes) =>
    [
        .. KnownNames.Check(catalog, "", null, "/scopes", scopes),
        .. request.ExpiresAt <= time.GetUtcNow() ? [new FieldError("/expires_at", "in_the_past", "Give a time to come.")] : Array.Empty<FieldError>(),
    ];
}
