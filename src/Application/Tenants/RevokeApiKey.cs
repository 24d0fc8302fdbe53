using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Ends a key within a second on every node. One's own, or anybody's for those who may change members.</summary>
[Requires("api_keys:write")]
public sealed record RevokeApiKey(Guid Id) : ICommand<Unit>;

file sealed class Handler(IApiKeys keys, CallContext call, IAudit audit) : IRequestHandler<RevokeApiKey, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(RevokeApiKey request, CancellationToken cancellationToken)
    {
        if (await keys.Find(request.Id, cancellationToken) is not { } key)
        {
            return Error.NotFound("api_key");
        }

        if (key.UserId != call.UserId && !call.Permissions.Allows("members:write"))
        {
            return AuthErrors.MayNot("members:write");
        }

        // Revoking what is revoked changes nothing, is no fault, and leaves no second line in the audit log.
        if (await keys.Revoke(request.Id, cancellationToken))
        {
            audit.Record("api_key.revoked", "api_key", request.Id.ToString(), before: key);
        }

        return Unit.Value;
    }
}
