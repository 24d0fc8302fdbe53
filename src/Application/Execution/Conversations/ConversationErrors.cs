using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

static class ConversationErrors
{
    public static readonly Error NotFound = Error.NotFound("conversation");

    public static readonly Error MessageNotFound = Error.NotFound("message");

    public static readonly Error FileNotFound = Error.NotFound("file");

    public static readonly Error NotYours = new(ErrorKind.Forbidden, "not_your_conversation", "This conversation belongs to somebody else; you may read it.");

    public static readonly Error Busy = Error.Conflict("conversation_busy", "A reply is under way; wait for it, stop it, or say what is to become of it with if_busy.");

    public static readonly Error Full = Error.Conflict("conversation_full", $"{Talk.MaxPending} replies of this conversation are still to come.");

    public static readonly Error NotAReply = Error.Conflict("not_a_reply", "This is only done to an agent's reply.");

    public static readonly Error NotAUserMessage = Error.Conflict("not_your_message", "Only what a person said can be edited.");

    public static readonly Error Superseded = Error.Conflict("message_superseded", "Another message came in its place; it can only be read.");

    public static Error Closed(string status) => Error.Conflict("conversation_closed", $"The conversation is {status}; make it active to go on with it.");
}
