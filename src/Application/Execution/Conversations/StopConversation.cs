using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Stops the reply under way and those that wait. What a node executes ends as soon as the node hears of it.</summary>
[Requires("conversations:write")]
public sealed record StopConversation(Guid Id) : ICommand<ConversationView>;

file sealed class Handler(IConversations conversations, Turns turns, IAudit audit) : IRequestHandler<StopConversation, Result<ConversationView>>
{
    public async Task<Result<ConversationView>> Handle(StopConversation request, CancellationToken cancellationToken)
    {
        var stopped = await turns.Stop(request.Id, "The reply was stopped.", cancellationToken);
        if (!stopped.IsOk)
        {
            return stopped.Error;
        }

        audit.Record("conversation.stopped", "conversation", request.Id.ToString(), after: new { stopped.Value.ActiveRunId });
        return (await conversations.Find(request.Id, cancellationToken))!;
    }
}
