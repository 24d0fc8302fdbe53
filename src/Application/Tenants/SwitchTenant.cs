using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Goes on in another tenant of the person's, with a new session; the old one ends.</summary>
[SignedIn]
public sealed record SwitchTenant(string Slug) : ICommand<SignedIn>, IValidate
{
    public IEnumerable<FieldError> Validate() => new[] { Domain.Shared.Slug.Check("/slug", Slug) }.OfType<FieldError>();
}

file sealed class Handler(ISessions sessions, SignIn signIn, CallContext call, IAudit audit) : IRequestHandler<SwitchTenant, Result<SignedIn>>
{
    public async Task<Result<SignedIn>> Handle(SwitchTenant request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        var before = new { call.TenantId };
        await sessions.Revoke(call.CredentialId!.Value, cancellationToken);
        var signedIn = await signIn.Open(call.UserId!.Value, request.Slug, cancellationToken);
        if (signedIn.IsOk)
        {
            audit.Record("session.switched", "user", call.UserId.Value.ToString(), before, new { call.TenantId });
        }

        return signedIn;
    }
}
