using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Begins a conversation of the caller with an agent that can run.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Context">Facts that the agent is given with every message.</param>
/// <param name="IfBusy">What becomes of a message that comes while a reply is under way; enqueue when not given.</param>
[Requires("conversations:write")]
public sealed record CreateConversation(string Agent, string? Title = null, JsonElement? Context = null, JsonElement? Metadata = null, string? IfBusy = null)
    : ICommand<ConversationView>, IValidate
{
    public IEnumerable<FieldError> Validate() => ConversationRules.Check(Title, null, Context, Metadata, IfBusy);
}

file sealed class Handler(IConversations conversations, IMediator mediator, IAudit audit, TimeProvider time) : IRequestHandler<CreateConversation, Result<ConversationView>>
{
    public async Task<Result<ConversationView>> Handle(CreateConversation request, CancellationToken cancellationToken)
    {
        var agent = await mediator.Send(new GetRunnableAgent(request.Agent), cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var fields = new ConversationFields(
            request.Title, "active", request.IfBusy ?? Talk.Enqueue, ConversationRules.Text(request.Context), ConversationRules.Text(request.Metadata));
        await conversations.Add(id, agent.Value.AgentId, fields, cancellationToken);
        audit.Record("conversation.created", "conversation", id.ToString(), after: new { agent.Value.AgentId });
        return (await conversations.Find(id, cancellationToken))!;
    }
}

static class ConversationRules
{
    public static string Text(JsonElement? value) => value?.GetRawText() ?? "{}";

    public static IEnumerable<FieldError> Check(string? title, string? status, JsonElement? context, JsonElement? metadata, string? ifBusy)
    {
        if (title is not null && (title.Length is 0 or > Talk.MaxTitle || string.IsNullOrWhiteSpace(title)))
        {
            yield return new FieldError("/title", "length", $"A title has 1 to {Talk.MaxTitle} characters.");
        }

        if (status is not null && !Talk.Statuses.Contains(status, StringComparer.Ordinal))
        {
            yield return new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Talk.Statuses)}.");
        }

        foreach (var fault in CheckObject("/context", context).Concat(CheckObject("/metadata", metadata)).Concat(CheckPolicy(ifBusy, Talk.Policies)))
        {
            yield return fault;
        }
    }

    public static IEnumerable<FieldError> CheckPolicy(string? ifBusy, IReadOnlyList<string> policies)
    {
        if (ifBusy is not null && !policies.Contains(ifBusy, StringComparer.Ordinal))
        {
            yield return new FieldError("/if_busy", "unknown_policy", $"This is one of {string.Join(", ", policies)}.");
        }
    }

    static IEnumerable<FieldError> CheckObject(string pointer, JsonElement? value)
    {
        if (value is not { } given)
        {
            yield break;
        }

        if (given.ValueKind is not JsonValueKind.Object)
        {
            yield return new FieldError(pointer, "wrong_type", "This is an object.");
        }
        else if (Encoding.UTF8.GetByteCount(given.GetRawText()) > Talk.MaxObjectBytes)
        {
            yield return new FieldError(pointer, "too_large", $"This has at most {Talk.MaxObjectBytes} bytes.");
        }
    }
}
