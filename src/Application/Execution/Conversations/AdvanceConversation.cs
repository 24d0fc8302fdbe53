using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Begins the reply whose turn has come, in the name of the conversation's user. Repeating it begins nothing twice: there is one at a time.</summary>
/// <returns>Whether another may wait behind one that could not begin.</returns>
// Only the platform itself sends it.
[AllowAnonymousRequest]
public sealed record AdvanceConversation(Guid Id) : ICommand<bool>;

file sealed class Handler(IConversations conversations, IMessages messages, IReplies replies) : IRequestHandler<AdvanceConversation, Result<bool>>
{
    public async Task<Result<bool>> Handle(AdvanceConversation request, CancellationToken cancellationToken)
    {
        if (await conversations.Lock(request.Id, cancellationToken) is not { ActiveRunId: null, IsBusy: true } conversation
            || await messages.NextWaiting(conversation.Id, cancellationToken) is not { } reply)
        {
            return false;
        }

        var begun = await replies.Begin(conversation, reply, cancellationToken);
        if (begun.IsOk)
        {
            return false;
        }

        // A full queue has room again by and by; anything else would be the same the next time.
        if (begun.Error.Kind is ErrorKind.LimitReached or ErrorKind.Unavailable)
        {
            return begun.Error;
        }

        await messages.Fail(conversation, reply.Id, begun.Error, cancellationToken);
        return conversation.Pending > 1;
    }
}
