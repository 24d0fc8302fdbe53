using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>A reply once it has ended, or as it stands when the patience is over: for who has just asked for it.</summary>
[Requires("conversations:write")]
public sealed record AwaitReply(Guid ConversationId, Guid MessageId, TimeSpan Patience) : IQuery<MessageView>;

/// <summary>A reply as it comes into being, from after <paramref name="LastEventId"/> on, until it has ended.</summary>
[Requires("conversations:read")]
public sealed record WatchReply(Guid ConversationId, Guid MessageId, string? LastEventId = null) : IQuery<IAsyncEnumerable<ServerEvent>>;

/// <summary>The same from its beginning, for who has just asked for it.</summary>
[Requires("conversations:write")]
public sealed record WatchNewReply(Guid ConversationId, Guid MessageId) : IQuery<IAsyncEnumerable<ServerEvent>>;
