using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Says something to the agent. The message, its reply that is to come and, when nothing goes before it, the run that makes it are stored together.</summary>
/// <param name="IfBusy">What becomes of it while a reply is under way: reject, enqueue or interrupt; as the conversation has it when not given.</param>
[Requires("conversations:write")]
public sealed record PostMessage(Guid ConversationId, string Content, IReadOnlyList<GivenFile>? Files = null, string? IfBusy = null) : ICommand<PostedMessage>, IValidate
{
    public IEnumerable<FieldError> Validate() => MessageRules.Check(Content, Files).Concat(ConversationRules.CheckPolicy(IfBusy, Talk.Policies));
}

file sealed class Handler(Turns turns, TimeProvider time) : IRequestHandler<PostMessage, Result<PostedMessage>>
{
    public async Task<Result<PostedMessage>> Handle(PostMessage request, CancellationToken cancellationToken)
    {
        var conversation = await turns.Take(request.ConversationId, request.IfBusy, cancellationToken);
        if (!conversation.IsOk)
        {
            return conversation.Error;
        }

        var said = new NewMessage(Guid.CreateVersion7(time.GetUtcNow()), "user", request.Content, MessageFile.Read(request.Files ?? []).Files, null, null);
        return await turns.Say(conversation.Value, said, said.Id, null, cancellationToken);
    }
}

static class MessageRules
{
    public static IEnumerable<FieldError> Check(string content, IReadOnlyList<GivenFile>? files)
    {
        if (content.Length > Talk.MaxContent || string.IsNullOrWhiteSpace(content))
        {
            yield return new FieldError("/content", "length", $"A message has 1 to {Talk.MaxContent} characters, and not only white space.");
        }

        foreach (var fault in MessageFile.Read(files ?? []).Faults)
        {
            yield return fault;
        }
    }
}
