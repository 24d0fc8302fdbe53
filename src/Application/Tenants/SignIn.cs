using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Somebody is signed in from now on.</summary>
/// <param name="Token">For the cookie; shown nowhere else.</param>
public sealed record SignedIn(SessionToken Token, AccountView Account);

/// <summary>
/// Opens a session for the person as whom the call acts. The token is always a new one, so that a session somebody else planted in a browser
/// never becomes a signed-in one. The rest of the call runs in the session's tenant.
/// </summary>
sealed class SignIn(ISessions sessions, IAccounts accounts, CallContext call, TimeProvider time, IMediator mediator)
{
    static readonly Error NoSuchTenant = Error.NotFound("tenant");

    /// <param name="slug">Null: the tenant where the person worked last; none when they belong to none.</param>
    public async Task<Result<SignedIn>> Open(Guid userId, string? slug, CancellationToken ct)
    {
        call.ActAs(ActorKind.User, null, userId, PermissionSet.None);
        var membership = await accounts.FindOwnMembership(slug, ct);
        if (membership is null && slug is not null)
        {
            return NoSuchTenant;
        }

        var token = SessionToken.Create();
        var id = Guid.CreateVersion7(time.GetUtcNow());
        call.ActAs(ActorKind.User, membership?.TenantId, userId, new PermissionSet(membership?.Permissions ?? []), id);
        await sessions.Open(id, membership?.TenantId, token.Hash, ct);
        var account = await mediator.Send(new GetAccount(), ct);
        return account.Map(view => new SignedIn(token, view));
    }
}
