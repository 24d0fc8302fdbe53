using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <param name="IsAscending">The oldest first; otherwise the newest.</param>
/// <param name="WithSuperseded">Also what gave way to something else.</param>
[Requires("conversations:read")]
public sealed record ListMessages(Guid ConversationId, PageRequest Page, bool IsAscending = false, bool WithSuperseded = false) : IQuery<Page<MessageView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
