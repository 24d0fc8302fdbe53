using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>While this node makes the reply its end is heard of at once; otherwise what is stored is looked at.</summary>
file sealed class Handler(IConversations conversations, IMessages messages, ActiveRuns active, CallContext call, TimeProvider time) : IRequestHandler<AwaitReply, Result<MessageView>>
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public async Task<Result<MessageView>> Handle(AwaitReply request, CancellationToken cancellationToken)
    {
        if (await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation || !call.MaySee(conversation.UserId))
        {
            return ConversationErrors.NotFound;
        }

        var began = time.GetTimestamp();
        while (true)
        {
            if (await messages.Find(request.ConversationId, request.MessageId, cancellationToken) is not { } message)
            {
                return ConversationErrors.MessageNotFound;
            }

            var left = request.Patience - time.GetElapsedTime(began);
            if (message.FinishedAt is not null || left <= TimeSpan.Zero)
            {
                return message;
            }

            await Wait(message, left, cancellationToken);
        }
    }

    async Task Wait(MessageView message, TimeSpan left, CancellationToken ct)
    {
        var pause = left < Poll ? left : Poll;
        if (message.RunId is not { } run)
        {
            await Task.Delay(pause, time, ct);
        }
        else if (active.Find(run) is { } execution)
        {
            // Cancelled when the run is parked or given up: then somebody else ends it.
            await ((Task)execution.Finished.Task).WaitAsync(left, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
        else
        {
            await active.Arrival(run, pause, time, ct);
        }
    }
}
