using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Changes what is given. A conversation that is not active any more takes no messages; replies that are still to come are made all the same.</summary>
/// <param name="Seen">The version that the caller edits (<c>If-Match</c>).</param>
[Requires("conversations:write")]
public sealed record UpdateConversation(
    Guid Id, string? Title = null, string? Status = null, JsonElement? Context = null, JsonElement? Metadata = null, string? IfBusy = null, DateTimeOffset? Seen = null)
    : ICommand<ConversationView>, IValidate
{
    public IEnumerable<FieldError> Validate() => ConversationRules.Check(Title, Status, Context, Metadata, IfBusy);
}

file sealed class Handler(IConversations conversations, CallContext call, IAudit audit) : IRequestHandler<UpdateConversation, Result<ConversationView>>
{
    public async Task<Result<ConversationView>> Handle(UpdateConversation request, CancellationToken cancellationToken)
    {
        if (await conversations.Find(request.Id, cancellationToken) is not { } before)
        {
            return ConversationErrors.NotFound;
        }

        if (call.RefuseToWrite(before.UserId) is { } refusal)
        {
            return refusal;
        }

        var fields = new ConversationFields(
            request.Title ?? before.Title, request.Status ?? before.Status, request.IfBusy ?? before.IfBusy,
            (request.Context ?? before.Context).GetRawText(), (request.Metadata ?? before.Metadata).GetRawText());
        if (await conversations.Update(request.Id, fields, request.Seen, cancellationToken) is not { } after)
        {
            return ETags.Stale;
        }

        audit.Record("conversation.updated", "conversation", request.Id.ToString(), Told(before), Told(after));
        return after;
    }

    /// <summary>What people say to each other's agents is no affair of the audit log.</summary>
    static object Told(ConversationView view) => new { view.Title, view.Status, view.IfBusy };
}
