using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Deletes a conversation with its messages; a reply under way is stopped. Its runs stay as long as the plan keeps runs.</summary>
[Requires("conversations:write")]
public sealed record DeleteConversation(Guid Id) : ICommand<Unit>;

file sealed class Handler(IConversations conversations, Turns turns, IAudit audit) : IRequestHandler<DeleteConversation, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteConversation request, CancellationToken cancellationToken)
    {
        var stopped = await turns.Stop(request.Id, "The conversation was deleted.", cancellationToken);
        if (!stopped.IsOk)
        {
            return stopped.Error;
        }

        await conversations.Delete(request.Id, cancellationToken);
        audit.Record("conversation.deleted", "conversation", request.Id.ToString(), before: new { stopped.Value.AgentId, stopped.Value.Title });
        return Unit.Value;
    }
}
