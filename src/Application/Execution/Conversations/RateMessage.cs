using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Says what the caller thought of a reply.</summary>
[Requires("conversations:write")]
public sealed record RateMessage(Guid ConversationId, Guid MessageId, Rating Rating) : ICommand<MessageView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Rating.Validate();
}

file sealed class Handler(IConversations conversations, IMessages messages, CallContext call, IAudit audit) : IRequestHandler<RateMessage, Result<MessageView>>
{
    public async Task<Result<MessageView>> Handle(RateMessage request, CancellationToken cancellationToken)
    {
        if (await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation)
        {
            return ConversationErrors.NotFound;
        }

        if (call.RefuseToWrite(conversation.UserId) is { } refusal)
        {
            return refusal;
        }

        if (await messages.Find(request.ConversationId, request.MessageId, cancellationToken) is not { } message)
        {
            return ConversationErrors.MessageNotFound;
        }

        if (message.Role != "assistant")
        {
            return ConversationErrors.NotAReply;
        }

        await messages.Rate(request.ConversationId, request.MessageId, request.Rating, cancellationToken);
        var rated = (await messages.Find(request.ConversationId, request.MessageId, cancellationToken))!;
        audit.Record("message.rated", "conversation", request.ConversationId.ToString(), Told(message), Told(rated));
        return rated;
    }

    static object Told(MessageView view) => new { view.Id, view.Satisfaction, view.Usefulness };
}
