using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Conversations;

/// <summary>
/// Whose turn it is: what all that is said in a conversation has in common. A run that has to give way is asked to before the conversation is locked,
/// because its end takes the two locks in that order.
/// </summary>
sealed class Turns(IConversations conversations, IMessages messages, IReplies replies, IRunControl control, CallContext call, TimeProvider time)
{
    /// <summary>Each time somebody else's message began a reply between the question and the lock.</summary>
    const int MaxAttempts = 10;

    /// <summary>The conversation, locked, and free to be spoken in under that policy.</summary>
    /// <param name="ifBusy">Null: as the conversation has it.</param>
    public async Task<Result<OpenConversation>> Take(Guid id, string? ifBusy, CancellationToken ct)
    {
        var taken = await Lock(id, conversation => (ifBusy ?? conversation.IfBusy) == Talk.Interrupt, "A newer message came.", ct);
        if (!taken.IsOk)
        {
            return taken;
        }

        var conversation = taken.Value;
        return conversation.Status != "active" ? ConversationErrors.Closed(conversation.Status)
            : conversation.IsBusy && (ifBusy ?? conversation.IfBusy) == Talk.Reject ? ConversationErrors.Busy
            : conversation.Pending >= Talk.MaxPending ? ConversationErrors.Full
            : conversation;
    }

    /// <summary>The conversation, locked; no reply of it begins any more, and the one under way is asked to end.</summary>
    public Task<Result<OpenConversation>> Stop(Guid id, string reason, CancellationToken ct) => Lock(id, _ => true, reason, ct);

    /// <summary>Adds what was said and the reply that is to come, and begins that when nothing goes before it.</summary>
    /// <param name="said">Null where what was said before is answered anew.</param>
    public async Task<Result<PostedMessage>> Say(OpenConversation conversation, NewMessage? said, Guid replyTo, Guid? replaces, CancellationToken ct)
    {
        var reply = new NewMessage(Guid.CreateVersion7(time.GetUtcNow()), "assistant", "", null, replyTo, said is null ? replaces : null);
        await messages.Append(conversation, said is null ? [reply] : [said, reply], said is null ? null : Talk.TitleOf(said.Content), ct);
        if (!conversation.IsBusy)
        {
            var run = await replies.Begin(conversation, new WaitingReply(reply.Id, replyTo, call.ApiKeyId), ct);
            if (!run.IsOk)
            {
                return run.Error;
            }
        }

        return new PostedMessage(
            said is null ? null : await messages.Find(conversation.Id, said.Id, ct),
            (await messages.Find(conversation.Id, reply.Id, ct))!);
    }

    async Task<Result<OpenConversation>> Lock(Guid id, Func<OpenConversation, bool> stops, string reason, CancellationToken ct)
    {
        Guid? asked = null;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await conversations.Peek(id, ct) is not { } seen)
            {
                return ConversationErrors.NotFound;
            }

            if (call.RefuseToWrite(seen.UserId) is { } refusal)
            {
                return refusal;
            }

            if (stops(seen) && seen.ActiveRunId is { } run)
            {
                var canceled = await control.Cancel([run], reason, ct);
                if (!canceled.IsOk)
                {
                    return canceled.Error;
                }

                asked = run;
            }

            if (await conversations.Lock(id, ct) is not { } locked)
            {
                return ConversationErrors.NotFound;
            }

            if (!stops(locked))
            {
                return locked;
            }

            if (locked.ActiveRunId is null || locked.ActiveRunId == asked)
            {
                await messages.CancelWaiting(locked, ct);
                return (await conversations.Peek(id, ct))!;
            }

            await conversations.Unlock(ct);
        }

        return ExecutionErrors.RunBusy;
    }
}
