using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>The events of a reply are those of the run that makes it, without what only its author needs; the reply itself is the last.</summary>
file sealed class Handler(IConversations conversations, IMessages messages, RunWatcher runs, CallContext call, TimeProvider time)
    : IRequestHandler<WatchReply, Result<IAsyncEnumerable<ServerEvent>>>, IRequestHandler<WatchNewReply, Result<IAsyncEnumerable<ServerEvent>>>
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public async Task<Result<IAsyncEnumerable<ServerEvent>>> Handle(WatchReply request, CancellationToken cancellationToken)
    {
        if (await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation || !call.MaySee(conversation.UserId))
        {
            return ConversationErrors.NotFound;
        }

        return await messages.Find(request.ConversationId, request.MessageId, cancellationToken) switch
        {
            null => ConversationErrors.MessageNotFound,
            { Role: not "assistant" } => ConversationErrors.NotAReply,
            _ => Result<IAsyncEnumerable<ServerEvent>>.Ok(Watch(request, CancellationToken.None)),
        };
    }

    public Task<Result<IAsyncEnumerable<ServerEvent>>> Handle(WatchNewReply request, CancellationToken cancellationToken) =>
        Handle(new WatchReply(request.ConversationId, request.MessageId), cancellationToken);

    async IAsyncEnumerable<ServerEvent> Watch(WatchReply request, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var (id, toldPending) = (request.MessageId, false);
        var message = await messages.Find(request.ConversationId, id, ct);
        while (message is { RunId: null, FinishedAt: null })
        {
            if (!toldPending)
            {
                toldPending = true;
                yield return new ServerEvent(null, "message.pending", ReplyEvents.Text(request.ConversationId, id, null));
            }

            await Task.Delay(Poll, time, ct);
            message = await messages.Find(request.ConversationId, id, ct);
        }

        string? last = null;
        if (message?.RunId is { } run && await runs.Watch(run, request.LastEventId, withSaid: true, ct) is { } events)
        {
            await foreach (var what in events.WithCancellation(ct))
            {
                if (what.IsLast)
                {
                    last = what.Id;
                }
                else
                {
                    yield return new ServerEvent(what.IsPassing ? null : what.Id, ReplyEvents.NameOf(what.Name), ReplyEvents.Text(request.ConversationId, id, what.Data));
                }
            }
        }

        // Gone with its conversation: then there is nothing more to tell.
        if (await messages.Find(request.ConversationId, id, ct) is { } ended)
        {
            yield return new ServerEvent(last, "message.finished", ReplyEvents.Text(ended));
        }
    }
}

static class ReplyEvents
{
    static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
    };

    public static string NameOf(string name) => name switch
    {
        "run.started" => "message.started",
        "run.waiting" or "run.paused" => "message.waiting",
        _ => name,
    };

    /// <param name="data">Of the run's event. What a step put out stays with the run.</param>
    public static string Text(Guid conversation, Guid message, string? data) => Write(conversation, message, json =>
    {
        if (data is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 256 });
        foreach (var member in document.RootElement.EnumerateObject().Where(member => member.Name != "output"))
        {
            member.WriteTo(json);
        }
    });

    public static string Text(MessageView message) => Write(message.ConversationId, message.Id, json =>
    {
        json.WritePropertyName("message");
        JsonSerializer.Serialize(json, message, Format);
    });

    static string Write(Guid conversation, Guid message, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("conversation_id", conversation);
        json.WriteString("message_id", message);
        members(json);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
