using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>A conversation belongs to its user. Whoever may read everybody's reads it; nobody else writes into it, or learns that it is there.</summary>
static class ConversationAccess
{
    public const string ReadAll = "conversations:read_all";

    /// <summary>The platform itself, which acts for whoever it does so, does.</summary>
    public static bool SeesAllTalks(this CallContext call) => call.Actor is ActorKind.System || call.Permissions.Allows(ReadAll);

    public static bool MaySee(this CallContext call, Guid owner) => owner == call.UserId || call.SeesAllTalks();

    /// <param name="asked">A user's id, <c>all</c>, or null for the caller's own.</param>
    /// <returns>Whose talks a list shows, null for everybody's; or <c>forbidden</c>.</returns>
    public static Result<Guid?> WhoseTalks(this CallContext call, string? asked)
    {
        var user = asked switch { null => call.UserId, "all" => null, var id => Guid.Parse(id) };
        return user == call.UserId || call.Permissions.Allows(ReadAll) ? Result<Guid?>.Ok(user) : AuthErrors.MayNot(ReadAll);
    }

    /// <returns>Null when the caller may write into it.</returns>
    public static Error? RefuseToWrite(this CallContext call, Guid owner) =>
        owner == call.UserId ? null : call.MaySee(owner) ? ConversationErrors.NotYours : ConversationErrors.NotFound;
}
