using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Conversations of the caller's tenant, whoever's they are.</summary>
interface IConversations
{
    Task Add(Guid id, Guid agent, ConversationFields fields, CancellationToken ct);

    Task<ConversationView?> Find(Guid id, CancellationToken ct);

    /// <summary>As it stands, without a lock.</summary>
    Task<OpenConversation?> Peek(Guid id, CancellationToken ct);

    /// <summary>Locks it for the rest of the transaction, or until <see cref="Unlock"/>. Runs that are to stop are asked before.</summary>
    Task<OpenConversation?> Lock(Guid id, CancellationToken ct);

    /// <summary>Gives back what was locked since <see cref="Lock"/>.</summary>
    Task Unlock(CancellationToken ct);

    /// <returns>Null when it changed since <paramref name="seen"/>.</returns>
    Task<ConversationView?> Update(Guid id, ConversationFields fields, DateTimeOffset? seen, CancellationToken ct);

    /// <summary>With its messages; its interaction stays, marked as deleted.</summary>
    Task Delete(Guid id, CancellationToken ct);
}

sealed record ConversationFields(string? Title, string Status, string IfBusy, string Context, string Metadata);

/// <summary>Messages of a conversation that the caller's transaction has locked.</summary>
interface IMessages
{
    Task<MessageView?> Find(Guid conversation, Guid id, CancellationToken ct);

    Task<IReadOnlyList<MessageFile>> FilesOf(Guid conversation, Guid id, CancellationToken ct);

    /// <summary>Adds messages with the next numbers.</summary>
    /// <param name="title">Of the conversation, if it has none yet.</param>
    Task Append(OpenConversation conversation, IReadOnlyList<NewMessage> messages, string? title, CancellationToken ct);

    /// <summary>Everything in force from a number on gives way to another message.</summary>
    Task Supersede(OpenConversation conversation, int fromSeq, Guid by, CancellationToken ct);

    /// <summary>Ends the replies that have not begun.</summary>
    Task CancelWaiting(OpenConversation conversation, CancellationToken ct);

    /// <summary>The reply whose turn it is.</summary>
    Task<WaitingReply?> NextWaiting(Guid conversation, CancellationToken ct);

    /// <summary>A reply that could not even begin.</summary>
    Task Fail(OpenConversation conversation, Guid reply, Error error, CancellationToken ct);

    Task Rate(Guid conversation, Guid id, Rating rating, CancellationToken ct);
}

/// <param name="Files">Null for a reply.</param>
sealed record NewMessage(Guid Id, string Role, string Content, IReadOnlyList<MessageFile>? Files, Guid? ReplyTo, Guid? Replaces);

/// <param name="ReplyTo">What the person said.</param>
/// <param name="ApiKeyId">The key that it was said with.</param>
sealed record WaitingReply(Guid Id, Guid ReplyTo, Guid? ApiKeyId);

/// <summary>The runs that answer.</summary>
interface IReplies
{
    /// <summary>Stores the run that makes a reply, in the caller's transaction, and notes it at the reply and its conversation.</summary>
    /// <returns>The run; or what the agent refuses, <c>queue_full</c>, an input that the agent's schema refuses.</returns>
    Task<Result<Guid>> Begin(OpenConversation conversation, WaitingReply reply, CancellationToken ct);
}

/// <summary>What a person thought of it; what is not set stays.</summary>
public sealed record Rating
{
    public Optional<int?> Satisfaction { get; init; }

    public Optional<int?> Usefulness { get; init; }

    public Optional<string> Feedback { get; init; }

    public const int MaxFeedback = 4000;

    internal IEnumerable<FieldError> Validate()
    {
        if (Satisfaction.Value is < 1 or > 5)
        {
            yield return new FieldError("/satisfaction", "out_of_range", "Satisfaction is 1 to 5.");
        }

        if (Usefulness.Value is < 1 or > 5)
        {
            yield return new FieldError("/usefulness", "out_of_range", "Usefulness is 1 to 5.");
        }

        if (Feedback.Value is { Length: 0 or > MaxFeedback })
        {
            yield return new FieldError("/feedback", "length", $"Feedback has 1 to {MaxFeedback} characters; null takes it away.");
        }
    }
}
