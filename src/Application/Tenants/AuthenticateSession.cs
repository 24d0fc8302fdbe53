using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Makes the call act as the person whose session this is. Refused with 401 when the session has ended.</summary>
[AllowAnonymousRequest]
public sealed record AuthenticateSession(SessionToken Token) : IQuery<Unit>;

/// <summary>Makes the call act as the person whose API key this is, with the key's scopes as far as the person has them. Refused with 401 otherwise.</summary>
/// <param name="Key">As it came; a malformed one is refused without asking the database.</param>
[AllowAnonymousRequest]
public sealed record AuthenticateApiKey(string Key) : IQuery<Unit>
{
    public override string ToString() => nameof(AuthenticateApiKey);
}
