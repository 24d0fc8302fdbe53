using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>Refusals that several use cases of this module share.</summary>
static class TenantErrors
{
    public static readonly Error InvalidCredentials = new(ErrorKind.Unauthenticated, "invalid_credentials", "E-mail or password is wrong.");
    public static readonly Error SessionRequired = new(ErrorKind.Forbidden, "session_required", "This is for signed-in people; an API key cannot do it.");
    public static readonly Error EmailTaken = Error.Conflict("email_taken", "There is an account with this e-mail; sign in.");
    public static readonly Error TeamNotFound = Error.NotFound("team");
    public static readonly Error TeamSlugTaken = Error.Conflict("slug_taken", "Another team has this slug; take another one.");
    public static readonly Error SlugTaken = Error.Conflict("slug_taken", "Another tenant has this slug; take another one.");

    /// <summary>Refuses whoever came with an API key: a leaked key must not be able to change the person's password or move their sessions.</summary>
    public static Error? RefuseWithoutSession(CallContext call) => call.Actor is ActorKind.User && call.CredentialId is not null ? null : SessionRequired;
}
