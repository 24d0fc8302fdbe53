using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Says something again in other words. The former message and all that followed it give way and can still be read.</summary>
/// <param name="Files">Null keeps the former ones.</param>
/// <param name="IfBusy">reject (when not given) or interrupt.</param>
[Requires("conversations:write")]
public sealed record EditMessage(Guid ConversationId, Guid MessageId, string Content, IReadOnlyList<GivenFile>? Files = null, string? IfBusy = null) : ICommand<PostedMessage>, IValidate
{
    public IEnumerable<FieldError> Validate() => MessageRules.Check(Content, Files).Concat(ConversationRules.CheckPolicy(IfBusy, RegenerateMessage.Policies));
}

file sealed class Handler(Turns turns, IMessages messages, IAudit audit, TimeProvider time) : IRequestHandler<EditMessage, Result<PostedMessage>>
{
    public async Task<Result<PostedMessage>> Handle(EditMessage request, CancellationToken cancellationToken)
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

        if (former.Role != "user")
        {
            return ConversationErrors.NotAUserMessage;
        }

        if (former.SupersededAt is not null)
        {
            return ConversationErrors.Superseded;
        }

        var files = request.Files is { } given ? MessageFile.Read(given).Files : await messages.FilesOf(request.ConversationId, former.Id, cancellationToken);
        var said = new NewMessage(Guid.CreateVersion7(time.GetUtcNow()), "user", request.Content, files, null, former.Id);

        // Before the reply begins: it must not be given what it replaces.
        await messages.Supersede(conversation.Value, former.Seq, said.Id, cancellationToken);
        var posted = await turns.Say(conversation.Value, said, said.Id, former.Id, cancellationToken);
        if (posted.IsOk)
        {
            audit.Record("message.edited", "conversation", request.ConversationId.ToString(), after: new { former.Id, By = said.Id });
        }

        return posted;
    }
}
