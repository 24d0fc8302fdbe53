using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>Conversations, those first in which something happened last.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Text">Words that all are in the title or in one message.</param>
/// <param name="User">Whose: an id or <c>all</c>, which needs a permission of its own; the caller's when not given.</param>
[Requires("conversations:read")]
public sealed record ListConversations(PageRequest Page, string? Agent = null, string? Status = null, string? Text = null, string? User = null)
    : IQuery<Page<ConversationView>>, IValidate
{
    public const int MaxText = 200;
    public const int MaxWords = 8;

    public IEnumerable<FieldError> Validate()
    {
        if (Status is not null && !Talk.Statuses.Contains(Status, StringComparer.Ordinal))
        {
            yield return new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Talk.Statuses)}.");
        }

        if (Text is { } text && (text.Trim().Length is < 2 or > MaxText || text.Contains('\0', StringComparison.Ordinal) || Words.Length > MaxWords))
        {
            yield return new FieldError("/q", "length", $"A search has 2 to {MaxText} characters and at most {MaxWords} words.");
        }

        if (User is not (null or "all") && !Guid.TryParse(User, out _))
        {
            yield return new FieldError("/user", "invalid_user", "This is a user's id, or all.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }

    public string[] Words => Text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
