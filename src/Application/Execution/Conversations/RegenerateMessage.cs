using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Asks for another reply to the same message. The former one and all that followed it give way and can still be read.</summary>
/// <param name="IfBusy">reject (when not given) or interrupt.</param>
[Requires("conversations:write")]
public sealed record RegenerateMessage(Guid ConversationId, Guid MessageId, string? IfBusy = null) : ICommand<PostedMessage>, IValidate
{
    internal static readonly IReadOnlyList<string> Policies = [Talk.Reject, Talk.Interrupt];

    public IEnumerable<FieldError> Validate() => ConversationRules.CheckPolicy(IfBusy, Policies);
}

file sealed class Handler(Turns turns, IMessages messages, IAudit audit) : IRequestHandler<RegenerateMessage, Result<PostedMessage>>
{
    public async Task<Result<PostedMessage>> Handle(RegenerateMessage request, CancellationToken cancellationToken)
    {
        var conversation = await turns.Take(request.ConversationId, request.IfBusy ?? Talk.Reject, cancellationToken);
        if (!conversation.IsOk)
        {
            return conversation.Error;
        }

        if (await messages.Find(request.ConversationId, request.MessageId, cancellationToken) is not { } former)
        {
            return ConversationErrors.MessageNotFound;
        }

        if (former is not { Role: "assistant", ReplyTo: { } said })
        {
            return ConversationErrors.NotAReply;
        }

        if (former.SupersededAt is not null)
        {
            return ConversationErrors.Superseded;
        }

        var posted = await turns.Say(conversation.Value, null, said, former.Id, cancellationToken);
        if (posted.IsOk)
        {
            await messages.Supersede(conversation.Value, former.Seq, posted.Value.Message.Id, cancellationToken);
            audit.Record("message.regenerated", "conversation", request.ConversationId.ToString(), after: new { former.Id, By = posted.Value.Message.Id });
        }

        return posted;
    }
}
