using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

[Requires("conversations:read")]
public sealed record GetConversation(Guid Id) : IQuery<ConversationView>;

file sealed class Handler(IConversations conversations, CallContext call) : IRequestHandler<GetConversation, Result<ConversationView>>
{
    public async Task<Result<ConversationView>> Handle(GetConversation request, CancellationToken cancellationToken) =>
        await conversations.Find(request.Id, cancellationToken) is { } found && call.MaySee(found.UserId) ? found : ConversationErrors.NotFound;
}
