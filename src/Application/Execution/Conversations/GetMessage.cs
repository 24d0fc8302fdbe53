using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

[Requires("conversations:read")]
public sealed record GetMessage(Guid ConversationId, Guid Id) : IQuery<MessageView>;

[Requires("conversations:read")]
public sealed record GetMessageFile(Guid ConversationId, Guid MessageId, int Index) : IQuery<MessageFile>;

file sealed class One(IConversations conversations, IMessages messages, CallContext call) : IRequestHandler<GetMessage, Result<MessageView>>
{
    public async Task<Result<MessageView>> Handle(GetMessage request, CancellationToken cancellationToken) =>
        await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation || !call.MaySee(conversation.UserId) ? ConversationErrors.NotFound
        : await messages.Find(request.ConversationId, request.Id, cancellationToken) is { } message ? message
        : ConversationErrors.MessageNotFound;
}

file sealed class File(IConversations conversations, IMessages messages, CallContext call) : IRequestHandler<GetMessageFile, Result<MessageFile>>
{
    public async Task<Result<MessageFile>> Handle(GetMessageFile request, CancellationToken cancellationToken)
    {
        if (await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation || !call.MaySee(conversation.UserId))
        {
            return ConversationErrors.NotFound;
        }

        var files = await messages.FilesOf(request.ConversationId, request.MessageId, cancellationToken);
        return request.Index >= 0 && request.Index < files.Count ? files[request.Index] : ConversationErrors.FileNotFound;
    }
}
